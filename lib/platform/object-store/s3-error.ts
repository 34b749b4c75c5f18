import { S3ServiceException } from '@aws-sdk/client-s3'
import { ServiceError } from '#lib/platform/errors.ts'

/** The code of an error that a wrong bucket name may have caused, for callers whose user gave that name. */
export const NO_SUCH_BUCKET = 'NO_SUCH_BUCKET'

function explain(error: unknown): string {
  return error instanceof Error
    ? `${error.name}: ${error.message}`.slice(0, 300).replace(/\.$/, '')
    : 'unknown failure'
}

function refusal(error: S3ServiceException): ServiceError['kind'] {
  const status = error.$metadata.httpStatusCode ?? 0
  // A bucket that is not there is the store being away: it must not look like a missing object.
  if (error.name === 'NoSuchBucket') return 'UNAVAILABLE'
  if (status === 404) return 'NOT_FOUND'
  if (status === 401 || status === 403) return 'FORBIDDEN'
  if (status === 413) return 'TOO_LARGE'
  if (status === 507) return 'INSUFFICIENT_STORAGE'
  if (status === 400 || status === 416) return 'BAD_REQUEST'
  return 'UNAVAILABLE'
}

/** What an S3 server or the way to it said, in the words of the object store. */
export function s3Error(error: unknown, what: string): ServiceError {
  if (error instanceof ServiceError) return error
  if (error instanceof S3ServiceException) {
    const kind = refusal(error)
    const code =
      error.name === 'NoSuchBucket'
        ? NO_SUCH_BUCKET
        : error.$metadata.httpStatusCode === 416
          ? 'BAD_RANGE'
          : kind
    const message =
      error.name === 'NoSuchBucket'
        ? `There is no bucket for ${what}.`
        : kind === 'NOT_FOUND'
          ? `There is no object ${what}.`
          : `The object store refused ${what}: ${explain(error)}.`
    return new ServiceError(kind, message, { code, cause: error })
  }
  if (error instanceof Error && error.name === 'CredentialsProviderError') {
    return new ServiceError(
      'FORBIDDEN',
      'No S3 credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
      {
        cause: error,
      },
    )
  }
  return new ServiceError('UNAVAILABLE', `The object store failed at ${what}: ${explain(error)}.`, {
    cause: error,
  })
}
