import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export type FolderOwner = { pid: number; url: string; startedAt: string }

/**
 * Two processes on one data folder destroy each other's data, so the owner holds a lock. It is one of the
 * kernel's (taken by SQLite on `database.mutex`), not a file with a pid: it ends with the process however that
 * ends, so nothing stale has to be judged and a pid used again is not mistaken for the owner. `database.lock`
 * only tells people and tools who the owner is.
 */
export function claimFolder(
  dataDir: string,
): { announce: (url: string) => void; release: () => void } | null {
  const mutex = new DatabaseSync(path.join(dataDir, 'database.mutex'), { timeout: 0 })
  try {
    mutex.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (error) {
    mutex.close()
    if (error instanceof Error && error.message.includes('locked')) return null
    throw error
  }
  const file = ownerFile(dataDir)
  return {
    announce(url) {
      const owner: FolderOwner = { pid: process.pid, url, startedAt: new Date().toISOString() }
      writeFileSync(`${file}.new`, `${JSON.stringify(owner)}\n`, { mode: 0o600 })
      renameSync(`${file}.new`, file)
    },
    release() {
      rmSync(file, { force: true })
      mutex.close()
    },
  }
}

/** Who said last that it owns the folder; null when nobody did. */
export function findFolderOwner(dataDir: string): FolderOwner | null {
  try {
    return JSON.parse(readFileSync(ownerFile(dataDir), 'utf8')) as FolderOwner
  } catch {
    return null
  }
}

function ownerFile(dataDir: string): string {
  return path.join(dataDir, 'database.lock')
}
