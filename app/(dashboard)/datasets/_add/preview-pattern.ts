import { compilePattern } from '#lib/data/snapshot/compile-pattern.ts'

export type PatternPreview =
  | { kind: 'empty' }
  | { kind: 'fault'; says: string }
  | { kind: 'patient'; patient: string }
  | { kind: 'none' }

/** What a patient pattern takes from a file name, as the scan would and with its engine. */
export function previewPattern(pattern: string, fileName: string): PatternPreview {
  if (pattern === '') return { kind: 'empty' }
  const compiled = compilePattern(pattern)
  if ('fault' in compiled) return { kind: 'fault', says: `The pattern ${compiled.fault}.` }
  const patient = compiled.find(fileName)
  return patient === null ? { kind: 'none' } : { kind: 'patient', patient }
}
