import { expect, test } from 'vitest'
import { assertPatientPattern, readPatients } from './patient-pattern.ts'

const NIH = '^nih-.*-(\\d+)_\\d+\\.jpg$'

test('takes the first group on the file name as the patient', () => {
  const names = ['nih-lung-pneumonia-00004532_001.jpg', 'nih-lung-normal-00000017_012.jpg']
  expect(readPatients(NIH, names)).toEqual(['00004532', '00000017'])
})

test('knows no patient without a pattern, a match, or anything in the group', () => {
  expect(readPatients(null, ['a', 'b'])).toEqual([null, null])
  expect(readPatients(NIH, ['cohen-lung-covid-x.jpg'])).toEqual([null])
  expect(readPatients('^p(\\d*)|never', ['p', 'px', 'other'])).toEqual([null, null, null])
})

test('treats names as text, whatever is in them', () => {
  expect(
    readPatients('^(.*)\\.png$', ['__proto__.png', "'; throw 1; '.png", '🫁.png', '\u2028.png']),
  ).toEqual(['__proto__', "'; throw 1; '", '🫁', null])
})

test.each(['(', '[a-', '(?P<x>a)', 'a{2,1}(b)', '\\d+', '', '(?:a)', `(${'a'.repeat(300)})`])(
  'refuses the pattern %j',
  (pattern) => {
    expect(() => assertPatientPattern(pattern)).toThrow(
      expect.objectContaining({ code: 'BAD_PATIENT_PATTERN' }),
    )
  },
)

test('stops a pattern that backtracks without end', () => {
  const pattern = '^((a+)+)$'
  assertPatientPattern(pattern)
  expect(() => readPatients(pattern, [`${'a'.repeat(60)}!`])).toThrow(
    expect.objectContaining({ code: 'PATIENT_PATTERN_TIMEOUT' }),
  )
})
