import { RE2JS } from 're2js'
import { translatePattern } from './pattern-syntax.ts'

/** A harmless pattern is far shorter. */
const MAX_PATTERN_LENGTH = 300
/** Instructions of the compiled pattern: common ones have 30. The time for a name grows with them. */
const MAX_PATTERN_SIZE = 1000

/** Finds the patient in a file name, in time that grows with the name's length alone; null where there is none. */
export type FindPatient = (fileName: string) => string | null

/**
 * Compiles a patient pattern, or says why it cannot be one. The service and the page's preview share it, so that the
 * page shows what a scan will find.
 */
export function compilePattern(pattern: string): { find: FindPatient } | { fault: string } {
  if (pattern.length > MAX_PATTERN_LENGTH) return { fault: `is longer than ${MAX_PATTERN_LENGTH} characters` }
  const translated = translatePattern(pattern)
  if ('fault' in translated) return translated
  const expression = isJavaScript(pattern) ? compile(translated.source) : null
  if (expression === null) return { fault: 'is not a valid regular expression' }
  if (expression === 'too large' || expression.programSize() > MAX_PATTERN_SIZE)
    return { fault: 'repeats too much; write smaller numbers in braces, or + and *' }
  if (expression.groupCount() === 0)
    return { fault: 'has no group; put the patient in parentheses, as in ^nih-.*-(\\d+)_' }
  return { find: (fileName) => groupOf(expression.exec(fileName)) }
}

/** Says why a text cannot be a patient pattern, or null. */
export function findPatternFault(pattern: string): string | null {
  const compiled = compilePattern(pattern)
  return 'fault' in compiled ? compiled.fault : null
}

/** Reads the pattern and does not run it: reading takes no longer than the pattern is long. */
function isJavaScript(pattern: string): boolean {
  try {
    new RegExp(pattern)
    return true
  } catch {
    return false
  }
}

function compile(source: string): RE2JS | 'too large' | null {
  try {
    return RE2JS.compile(source)
  } catch (error) {
    const isLarge = error instanceof Error && /too large|repeat count/.test(error.message)
    return isLarge ? 'too large' : null
  }
}

function groupOf(match: readonly unknown[] | null): string | null {
  const group = match?.[1]
  return typeof group === 'string' && group !== '' ? group : null
}
