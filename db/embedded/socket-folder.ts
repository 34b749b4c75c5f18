import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync } from 'node:fs'
import path from 'node:path'

export const SOCKET_FILE = '.s.PGSQL.5432' // the name that every client derives from folder and port
const MAX_SOCKET_PATH_BYTES = 103 // 108 in Linux and 104 in macOS, with the ending zero

/**
 * The folder of the socket: the database's own, or a short private one where that path is longer than a socket's
 * may be. Only this user may enter it: that is the whole access control of the embedded database.
 */
export function prepareSocketFolder(databaseFolder: string): string {
  if (Buffer.byteLength(path.join(databaseFolder, SOCKET_FILE)) <= MAX_SOCKET_PATH_BYTES)
    return databaseFolder
  const name = createHash('sha256').update(databaseFolder).digest('hex').slice(0, 16)
  const folder = `/tmp/second-reader-${name}`
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = lstatSync(folder)
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o077) !== 0) {
    throw new Error(
      `${folder} must be a folder that only this user may enter: remove it, or use a shorter DATA_DIR`,
    )
  }
  return folder
}

export function socketUrl(folder: string): string {
  return `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`
}
