import type { ErrorCode } from '#lib/platform/errors.ts'
import type { FolderStoreOptions } from './folder-store.ts'
import type { DigestOptions, ObjectDigest, StoredObject } from './object-store.ts'
import type { ResolvedFolder } from './resolve-folder.ts'

/** What a folder's child process can be asked, by name: what goes there and what comes back. */
export type FolderCalls = {
  resolve: { input: { roots: readonly string[] }; value: ResolvedFolder }
  get: { input: { key: string; maxBytes: number | undefined }; value: Buffer }
  getRange: { input: { key: string; start: number; end: number }; value: Buffer }
  digest: { input: { key: string } & DigestOptions; value: ObjectDigest }
  find: { input: { key: string }; value: StoredObject | null }
  /** The next objects of a listing, which its first step begins. */
  list: {
    input: { listing: string; prefix: string; isFirst: boolean }
    value: { objects: StoredObject[]; isLast: boolean }
  }
  /** Forgets a listing before its end. */
  endList: { input: { listing: string }; value: null }
  check: { input: null; value: null }
}

export type FolderCallName = keyof FolderCalls
export type FolderCall = {
  [Name in FolderCallName]: { name: Name; input: FolderCalls[Name]['input'] }
}[FolderCallName]

/** To the child. */
export type FolderRequest = { id: number; folder: string; options: FolderStoreOptions; call: FolderCall }

/** From the child. A request has any number of `progress`, then one of the others. */
export type FolderMessage =
  | { type: 'ready' }
  | { type: 'progress'; id: number }
  | { type: 'value'; id: number; value: FolderCalls[FolderCallName]['value'] }
  | { type: 'refusal'; id: number; kind: ErrorCode; code: string; message: string }
  | { type: 'fault'; id: number; message: string }
