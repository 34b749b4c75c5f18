import { FolderStore } from './folder-store.ts'
import { parseLocation } from './location.ts'
import type { ObjectStore } from './object-store.ts'
import { S3Store } from './s3-store.ts'

/**
 * Opens `file:/folder` or `s3://bucket/prefix?endpoint=…&region=…` without touching it: `check()` does.
 * `create` makes a missing folder; without it a folder that is away (an unmounted volume) is an error
 * and never an empty store. S3 credentials come from the usual AWS variables.
 */
export function openObjectStore(url: string, options: { create?: boolean } = {}): ObjectStore {
  const location = parseLocation(url)
  return location.kind === 'folder' ? new FolderStore(location.folder, options) : new S3Store(location)
}
