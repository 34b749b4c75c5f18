import { ServiceError } from './errors.ts'

/** What a call ends with whose client has gone: no fault, and no one reads it. */
export function clientLeft(): ServiceError {
  return new ServiceError('BAD_REQUEST', 'The client left before it was answered.', { code: 'CLIENT_LEFT' })
}
