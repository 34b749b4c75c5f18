import { expect, test } from 'vitest'
import { readPatients } from '#lib/data/snapshot/patient-pattern.ts'
import { previewPattern } from './preview-pattern.ts'

const NAMES = ['nih-train-x-00013_2.png', 'covid-17.png', '_1.png', '']

test.each(['^nih-.*-(\\d+)_', '(\\d*)', '(?:a|(b))', '^(.*)$', '-(\\d+)'])(
  'shows what the scan would take by %s',
  async (pattern) => {
    const taken = NAMES.map((name) => {
      const preview = previewPattern(pattern, name)
      return preview.kind === 'patient' ? preview.patient : null
    })
    expect(taken).toEqual(await readPatients(pattern, NAMES))
  },
)

test.each(['(', '\\d+', '(?=a)(b)', '(a)\\Z', `(${'a'.repeat(300)})`])(
  'says what is wrong with %s',
  (pattern) => {
    expect(previewPattern(pattern, 'x.png').kind).toBe('fault')
  },
)

test('says nothing of an empty pattern', () => {
  expect(previewPattern('', 'x.png')).toEqual({ kind: 'empty' })
})
