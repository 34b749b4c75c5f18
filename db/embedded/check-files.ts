import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { readFolderMark } from '../installation-mark.ts'

/**
 * Why the database of a data folder must not be opened; null where it may be. The library would make a new database
 * wherever `PG_VERSION` is missing, over what lies there.
 */
export function findFilesFault(dataDir: string, accepted: readonly string[]): string | null {
  const files = path.join(dataDir, 'database', 'files')
  if (existsSync(path.join(files, 'PG_VERSION'))) return null
  if (existsSync(files) && readdirSync(files).length > 0)
    return [
      `${files} holds a part of a database: its file PG_VERSION is missing, as after a copy that was cut off.`,
      'Nothing was changed. Put the whole data folder back from a backup.',
      `To begin with an empty database instead, move ${files} away.`,
    ].join('\n')
  const mark = readFolderMark(dataDir)
  if (mark === null || accepted.includes(mark.installationId)) return null
  return [
    `The database of this installation is missing: there is no ${files}.`,
    `Nothing was changed. Put ${path.join(dataDir, 'database')} back from a backup.`,
    `To begin with an empty database instead, start once with ACCEPT_INSTALLATION=${mark.installationId}`,
  ].join('\n')
}
