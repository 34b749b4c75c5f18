import { expect, test } from 'vitest'
import { describeLeftOut } from './left-out.ts'
import { warnOfPatients } from './patient-warning.ts'

test('says how many files were left out and what they are, one or many', () => {
  expect(describeLeftOut([])).toBeNull()
  expect(describeLeftOut([{ code: 'NESTED', count: 1 }])).toBe(
    '1 file of the dataset was left out: 1 deeper than <finding class>/<file>.',
  )
  const many = [
    { code: 'NESTED', count: 1800 },
    { code: 'LINK', count: 1 },
    { code: 'UNREADABLE', count: 2 },
  ]
  expect(describeLeftOut(many)).toBe(
    '1,803 files of the dataset were left out: 1,800 deeper than <finding class>/<file>, 1 symbolic link, 2 not readable by the service.',
  )
  expect(describeLeftOut([{ code: 'OF_AN_OLDER_RELEASE', count: 2 }])).toContain('2 OF_AN_OLDER_RELEASE')
})

test('warns of a patient pattern that finds no patient, or few', () => {
  const pattern = '^p(\\d+)_'
  expect(warnOfPatients({ pattern, images: 1, withPatient: 0 })).toMatchObject([
    { code: 'NO_PATIENTS', message: expect.stringContaining('0 patients') },
  ])
  expect(warnOfPatients({ pattern, images: 1000, withPatient: 499 })).toMatchObject([
    { code: 'FEW_PATIENTS', message: expect.stringContaining('only 499 of 1,000 file names') },
  ])
  expect(warnOfPatients({ pattern, images: 1000, withPatient: 500 })).toEqual([])
  expect(warnOfPatients({ pattern: null, images: 1000, withPatient: 0 })).toEqual([])
  expect(warnOfPatients({ pattern, images: 0, withPatient: 0 })).toEqual([])
})
