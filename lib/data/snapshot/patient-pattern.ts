import { setImmediate as pause } from 'node:timers/promises'
import { ServiceError } from '#lib/platform/errors.ts'
import { compilePattern, type FindPatient } from './compile-pattern.ts'

/** Longer than this the other work of the process does not wait for file names. */
const STRETCH_MILLISECONDS = 10

export function assertPatientPattern(pattern: string): void {
  compileOrRefuse(pattern)
}

function compileOrRefuse(pattern: string): FindPatient {
  const compiled = compilePattern(pattern)
  if ('find' in compiled) return compiled.find
  throw new ServiceError('BAD_REQUEST', `The patient pattern ${compiled.fault}.`, {
    code: 'BAD_PATIENT_PATTERN',
  })
}

/**
 * The first group of the pattern on each file name; null where it does not match or matches nothing. A pattern that
 * was stored before the rules of today is refused in the words of a registration.
 */
export async function readPatients(
  pattern: string | null,
  fileNames: readonly string[],
): Promise<(string | null)[]> {
  if (pattern === null) return fileNames.map(() => null)
  const find = compileOrRefuse(pattern)
  const patients: (string | null)[] = []
  let restedAt = performance.now()
  for (const fileName of fileNames) {
    patients.push(find(fileName))
    if (performance.now() - restedAt < STRETCH_MILLISECONDS) continue
    await pause()
    restedAt = performance.now()
  }
  return patients
}
