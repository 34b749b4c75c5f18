import { ApartFolderStore } from './apart-folder-store.ts'
import { folderProcess } from './folder-processes.ts'
import { FolderStore, type FolderStoreOptions } from './folder-store.ts'
import { parseLocation } from './location.ts'
import type { ObjectStore } from './object-store.ts'
import { S3Store } from './s3-store.ts'

export type OpenOptions = FolderStoreOptions & {
  /** Reads a folder in the process of the folder of this name: its own, or the one whose real path it is. */
  apartFor?: string
}

/**
 * Opens `file:/folder` or `s3://bucket/prefix?endpoint=…&region=…` without touching it: `check()` does.
 * `create` makes a missing folder; without it a folder that is away (an unmounted volume) is an error
 * and never an empty store. `resolved` says that the folder is named by its real path: should it have become a link, it
 * is away too. S3 credentials come from the usual AWS variables.
 */
export function openObjectStore(url: string, { apartFor, ...options }: OpenOptions = {}): ObjectStore {
  const location = parseLocation(url)
  if (location.kind === 's3') return new S3Store(location)
  return apartFor === undefined
    ? new FolderStore(location.folder, options)
    : new ApartFolderStore(folderProcess(apartFor), location.folder, options)
}

/** The same store for one who never writes: a folder that hangs is away after a while, and holds no thread of ours. */
export function openForReading(url: string): ObjectStore {
  const location = parseLocation(url)
  return openObjectStore(url, location.kind === 's3' ? {} : { apartFor: location.folder })
}
