import type { BigIntStats } from 'node:fs'
import { lstat, opendir } from 'node:fs/promises'
import { folderError, isMissing } from './folder-error.ts'
import { findKeyFault } from './object-key.ts'
import type { StoredObject } from './object-store.ts'

/** Holds files that are still being written; no key lies below it. */
export const INCOMING_FOLDER = '.second-reader-incoming'

/** Longer than any local file system's clock tick (1 to 10 ms): a write in the same tick leaves no trace. */
const SETTLED_MILLISECONDS = 100

/** Names are looked at in groups: one folder may hold a million, one at a time would be slow. */
const GROUP = 64

/** A file changed just now gets a revision that nothing equals, for a second change might not show. */
function fileRevision(stats: BigIntStats): string {
  const revision = `${stats.size}-${stats.mtimeNs}-${stats.ctimeNs}-${stats.ino}`
  const settled = Date.now() - Number(stats.ctimeMs) > SETTLED_MILLISECONDS
  return settled ? revision : `${revision}-unsettled-${crypto.randomUUID()}`
}

export function describeFile(key: string, stats: BigIntStats): StoredObject {
  const fetchable = stats.isFile() && findKeyFault(key) === null
  return {
    key,
    sizeBytes: Number(stats.size),
    revision: fileRevision(stats),
    kind: stats.isSymbolicLink() ? 'link' : fetchable ? 'object' : 'special',
  }
}

type Entry = { key: string; folder: boolean; object: StoredObject | null }

async function describeEntry(path: string, key: string): Promise<Entry> {
  try {
    const stats = await lstat(path, { bigint: true })
    if (stats.isDirectory()) return { key, folder: true, object: null }
    return { key, folder: false, object: describeFile(key, stats) }
  } catch (error) {
    if (!isMissing(error)) throw folderError(error, key)
    // A name that is not UTF-8 cannot be written as a key: it is shown, but cannot be fetched.
    const unreadable = key.includes('\uFFFD')
    const object: StoredObject = { key, sizeBytes: 0, revision: '', kind: 'special' }
    return { key, folder: false, object: unreadable ? object : null }
  }
}

/** Everything below `folder` whose key starts with `prefix`, one folder after the other; links are not followed. */
export async function* listFolder(root: string, folder: string, prefix: string): AsyncIterable<StoredObject> {
  const pending = [folder]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for await (const group of readGroups(root, next)) {
      const wanted = group.filter((key) => key.startsWith(prefix) || prefix.startsWith(`${key}/`))
      for (const entry of await Promise.all(wanted.map((key) => describeEntry(`${root}/${key}`, key)))) {
        if (entry.folder) pending.push(entry.key)
        else if (entry.object !== null && entry.key.startsWith(prefix)) yield entry.object
      }
    }
  }
}

async function* readGroups(root: string, folder: string): AsyncIterable<string[]> {
  let group: string[] = []
  try {
    const path = folder === '' ? root : `${root}/${folder}`
    for await (const { name } of await opendir(path, { bufferSize: GROUP })) {
      if (folder === '' && name === INCOMING_FOLDER) continue
      group.push(folder === '' ? name : `${folder}/${name}`)
      if (group.length === GROUP) {
        yield group
        group = []
      }
    }
  } catch (error) {
    // A folder that was deleted while we looked has nothing to list; one that refuses us must not look empty.
    if (!isMissing(error)) throw folderError(error, folder)
  }
  yield group
}
