/** One stored object, as a listing shows it. */
export type StoredObject = {
  /** Relative to the store's root, `/`-separated, in the bytes the store keeps (not normalised). */
  key: string
  sizeBytes: number
  /** Changes whenever the content may have changed: the ETag, or size, mtime (ns) and inode of a file. */
  revision: string
  /** `object` can be fetched; anything else (symbolic link, device, socket, …) is listed but never opened. */
  kind: 'object' | 'link' | 'special'
}

/** An object's content, known without keeping it: its first bytes show what kind of file it is. */
export type ObjectDigest = { sha256: string; sizeBytes: number; head: Buffer }

/** `sizeBytes` as the listing says; it may have changed since. */
export type DigestOptions = { sizeBytes: number; maxBytes: number; headBytes: number }

/** What is put: bytes, or a file that is copied piece by piece and does not change meanwhile. */
export type Content = Uint8Array | { path: string; sizeBytes: number }

/**
 * Bytes under keys: a folder or an S3 bucket. Errors are `ServiceError`s: NOT_FOUND for a missing key,
 * TOO_LARGE beyond a stated limit, UNAVAILABLE when the store is away (with the code STORE_AWAY when it hangs),
 * FORBIDDEN when it refuses the credentials.
 */
export interface ObjectStore {
  /** The URL it was opened by, without credentials. */
  readonly location: string
  /** Reads a whole object; refuses one larger than `maxBytes` without holding it in memory. */
  get(key: string, options?: { maxBytes?: number }): Promise<Buffer>
  /** Reads bytes [start, end] inclusive, both within the object. */
  getRange(key: string, start: number, end: number): Promise<Buffer>
  /** Hashes a whole object of about `sizeBytes` where it is read; refuses one larger than `maxBytes`. */
  digest(key: string, options: DigestOptions): Promise<ObjectDigest>
  /** Durable and atomic: a reader sees the old object or the whole new one, also after a crash. */
  put(key: string, content: Content, options?: { contentType?: string }): Promise<void>
  find(key: string): Promise<StoredObject | null>
  /** Every object below the prefix in the order of its keys' bytes (S3) or folder by folder, streaming. */
  list(prefix?: string): AsyncIterable<StoredObject>
  /** Deleting what is not there is no error. */
  delete(key: string): Promise<void>
  /** Throws when the store cannot be reached or does not let us in. */
  check(): Promise<void>
  close(): Promise<void>
}
