import { findPatternFault } from '#lib/data/snapshot/pattern-fault.ts'

export type PatternPreview =
  | { kind: 'empty' }
  | { kind: 'fault'; says: string }
  | { kind: 'patient'; patient: string }
  | { kind: 'none' }

/** What a patient pattern takes from a file name, as the scan would: its first group, unless that is empty. */
export function previewPattern(pattern: string, fileName: string): PatternPreview {
  if (pattern === '') return { kind: 'empty' }
  const fault = findPatternFault(pattern)
  if (fault !== null) return { kind: 'fault', says: `The pattern ${fault}.` }
  const patient = new RegExp(pattern).exec(fileName)?.[1]
  return patient === undefined || patient === '' ? { kind: 'none' } : { kind: 'patient', patient }
}
