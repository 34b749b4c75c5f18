import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { takeMutex } from './kernel-mutex.ts'

export type FolderOwner = { pid: number; url: string; startedAt: string }

/**
 * Makes this process the owner of a data folder; null while another is: two on one folder destroy each other's
 * data. The lock is on `database.mutex`; `database.lock` only tells people and tools who the owner is.
 */
export function claimFolder(
  dataDir: string,
): { announce: (url: string) => void; release: () => void } | null {
  const releaseMutex = takeMutex(path.join(dataDir, 'database.mutex'))
  if (releaseMutex === null) return null
  const file = ownerFile(dataDir)
  return {
    announce(url) {
      const owner: FolderOwner = { pid: process.pid, url, startedAt: new Date().toISOString() }
      writeFileSync(`${file}.new`, `${JSON.stringify(owner)}\n`, { mode: 0o600 })
      renameSync(`${file}.new`, file)
    },
    release() {
      rmSync(file, { force: true })
      releaseMutex()
    },
  }
}

/** Who said last that it owns the folder; null when no process did. */
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
