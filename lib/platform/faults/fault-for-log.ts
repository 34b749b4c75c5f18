/**
 * A surprise as the log may have it. Messages of the database driver quote values (a patient's file name, a key), so
 * of those only the code, the constraint and the parameterised statement are kept.
 */
export function faultForLog(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: typeof error }
  const fromDatabase = 'severity' in error || error.message.startsWith('Failed query:')
  const pick = (name: string) => {
    const value = (error as unknown as Record<string, unknown>)[name]
    return typeof value === 'string' ? { [name]: value } : {}
  }
  const statement = error.message.startsWith('Failed query:')
    ? error.message.split('\nparams:', 1)[0]
    : undefined
  const message = fromDatabase ? statement : error.message
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '))
  return {
    name: error.name,
    ...pick('code'),
    ...pick('constraint'),
    ...pick('table'),
    ...(message === undefined ? {} : { message: message.slice(0, 500) }),
    stack: frames.slice(0, 12).join('\n'),
    ...(error.cause === undefined ? {} : { cause: faultForLog(error.cause) }),
  }
}
