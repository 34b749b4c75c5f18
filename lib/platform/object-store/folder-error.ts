import { ServiceError } from '#lib/platform/errors.ts'

export function errorNumber(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** No entry, a file where a folder should be, a name no file system has, links that lead round in a circle. */
const MISSING = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP'])

export function isMissing(error: unknown): boolean {
  return MISSING.has(errorNumber(error) ?? '')
}

export function noSuchObject(key: string): ServiceError {
  return new ServiceError('NOT_FOUND', `There is no object ${JSON.stringify(key)}.`)
}

/** What the file system said, in the words of the object store. */
export function folderError(error: unknown, key: string): ServiceError {
  if (error instanceof ServiceError) return error
  if (isMissing(error)) return noSuchObject(key)
  const shown = JSON.stringify(key)
  switch (errorNumber(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new ServiceError('FORBIDDEN', `The file system refuses access to ${shown}.`, { cause: error })
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return new ServiceError('INSUFFICIENT_STORAGE', `There is no space left to store ${shown}.`, {
        cause: error,
      })
    case 'EISDIR':
    case 'ENOTEMPTY':
    case 'EEXIST':
      return new ServiceError('CONFLICT', `A folder already exists at ${shown}.`, {
        code: 'KEY_IS_FOLDER',
        cause: error,
      })
    default:
      return new ServiceError('UNAVAILABLE', `The object store failed at ${shown}.`, { cause: error })
  }
}
