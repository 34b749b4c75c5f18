import { createContext, Script } from 'node:vm'
import { ServiceError } from '#lib/platform/errors.ts'
import { findPatternFault } from './pattern-fault.ts'

/** A harmless pattern needs microseconds a name; one that backtracks without end is stopped here. */
const BATCH_TIMEOUT_MILLISECONDS = 1000

function badPattern(fault: string): ServiceError {
  return new ServiceError('BAD_REQUEST', `The patient pattern ${fault}.`, { code: 'BAD_PATIENT_PATTERN' })
}

export function assertPatientPattern(pattern: string): void {
  const fault = findPatternFault(pattern)
  if (fault !== null) throw badPattern(fault)
}

const MATCH_ALL = new Script(`
  const expression = new RegExp(pattern)
  JSON.stringify(JSON.parse(names).map((name) => expression.exec(name)?.[1] || null))
`)

/**
 * The first group of the pattern on each file name; null where it does not match or matches nothing.
 * Runs under a time limit of its own: the pattern was written by a user and may take for ever.
 */
export function readPatients(pattern: string | null, fileNames: readonly string[]): (string | null)[] {
  if (pattern === null) return fileNames.map(() => null)
  const context = createContext({ pattern, names: JSON.stringify(fileNames) })
  try {
    return JSON.parse(MATCH_ALL.runInContext(context, { timeout: BATCH_TIMEOUT_MILLISECONDS }))
  } catch (error) {
    throw new ServiceError(
      'UNPROCESSABLE',
      `The patient pattern ${pattern} takes too long on some file names.`,
      {
        code: 'PATIENT_PATTERN_TIMEOUT',
        cause: error,
      },
    )
  }
}
