import { FolderStore, type FolderStoreOptions } from './folder-store.ts'
import { parseLocation } from './location.ts'
import type { ObjectStore } from './object-store.ts'
import { S3Store } from './s3-store.ts'

/**
 * Opens `file:/folder` or `s3://bucket/prefix?endpoint=…&region=…` without touching it: `check()` does.
 * `create` makes a missing folder; without it a folder that is away (an unmounted volume) is an error
 * and never an empty store. `resolved` says that the folder is named by its real path: should it have become a link, it
 * is away too. S3 credentials come from the usual AWS variables.
 */
export function openObjectStore(url: string, options: FolderStoreOptions = {}): ObjectStore {
  const location = parseLocation(url)
  return location.kind === 'folder' ? new FolderStore(location.folder, options) : new S3Store(location)
}
