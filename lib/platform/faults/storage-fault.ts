import { ServiceError } from '#lib/platform/errors.ts'

/** PostgreSQL: connection exceptions (class 08), shutting down or starting (57P0x), too many clients. */
const DATABASE_AWAY = /^(08\w{3}|57P0[1-4]|53300)$/
/** A lock or a time limit ended the statement; the same call may succeed a moment later. */
const DATABASE_BUSY = /^(40001|40P01|55P03|57014)$/
const SOCKET_ERROR =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/
const NO_SPACE = /^(53100|ENOSPC|EDQUOT)$/
/** The process, or the machine, has no file descriptor left; they are given back as calls end. */
const NO_DESCRIPTOR = /^(EMFILE|ENFILE)$/
/** The driver's own failures carry no code. */
const DRIVER_MESSAGE =
  /^(timeout exceeded when trying to connect|Connection terminated|Query read timeout|Client has encountered a connection error)/

/** The expected failure behind a driver's or file system's error; null for any other error. */
export function storageFault(error: unknown): ServiceError | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
    const socketGone = code === 'ENOENT' && 'syscall' in cause && cause.syscall === 'connect'
    if (NO_SPACE.test(code))
      return new ServiceError('INSUFFICIENT_STORAGE', 'The disk is full.', {
        code: 'DISK_FULL',
        cause: error,
      })
    if (NO_DESCRIPTOR.test(code))
      return new ServiceError('UNAVAILABLE', 'Too many files and connections are open: try again soon.', {
        code: 'TOO_MANY_OPEN_FILES',
        cause: error,
      })
    if (
      DATABASE_AWAY.test(code) ||
      SOCKET_ERROR.test(code) ||
      socketGone ||
      DRIVER_MESSAGE.test(cause.message)
    )
      return new ServiceError('UNAVAILABLE', 'The database does not answer.', {
        code: 'DATABASE_UNAVAILABLE',
        cause: error,
      })
    if (DATABASE_BUSY.test(code))
      return new ServiceError('UNAVAILABLE', 'The database is busy.', { code: 'DATABASE_BUSY', cause: error })
  }
  return null
}
