import { DatabaseSync } from 'node:sqlite'

/**
 * Holds a lock of the kernel on a file (taken by SQLite), or returns null when another process keeps it longer
 * than `waitMs`. Unlike a file with a pid it ends with its holder however that ends: nothing stale has to be
 * judged, and a pid that is used again is not mistaken for the holder. Waiting blocks the thread.
 */
export function takeMutex(file: string, waitMs = 0): (() => void) | null {
  const mutex = new DatabaseSync(file, { timeout: waitMs })
  try {
    // Not `locking_mode = exclusive`: then a half lock is kept while waiting, and two that wait stop each other.
    mutex.exec('pragma journal_mode = off; begin exclusive')
    return () => mutex.close()
  } catch (error) {
    mutex.close()
    if (error instanceof Error && error.message.includes('locked')) return null
    throw error
  }
}
