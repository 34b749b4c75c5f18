import { ServiceError } from '#lib/platform/errors.ts'

/** S3's own limit, in UTF-8 bytes. */
export const MAX_KEY_BYTES = 1024

/**
 * Says why a string cannot be an object key, or null. One rule for every store, so that what a folder
 * accepts a bucket accepts too: relative, `/`-separated, no empty, `.` or `..` segment, no NUL or backslash.
 */
export function findKeyFault(key: string): string | null {
  if (key === '') return 'is empty'
  if (key.includes('\0')) return 'holds a NUL character'
  if (key.includes('\\')) return 'holds a backslash'
  if (!key.isWellFormed()) return 'is not valid Unicode'
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) return `is longer than ${MAX_KEY_BYTES} bytes`
  for (const segment of key.split('/')) {
    if (segment === '') return 'is absolute, or has an empty segment'
    if (segment === '.' || segment === '..') return 'has a segment . or ..'
  }
  return null
}

export function assertObjectKey(key: string): void {
  const fault = findKeyFault(key)
  if (fault !== null) {
    throw new ServiceError('BAD_REQUEST', `The object key ${JSON.stringify(key.slice(0, 200))} ${fault}.`, {
      code: 'BAD_KEY',
    })
  }
}

/** A prefix is empty, a key, or a key with a `/` behind it. */
export function assertKeyPrefix(prefix: string): void {
  if (prefix !== '') assertObjectKey(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix)
}
