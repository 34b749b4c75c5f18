import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ErrorReader, isStorageFailure } from './error-reader.ts'
import { fatalError, query, sync } from './wire-messages.ts'

const row = query('E'.repeat(300)) // bytes that look like the start of an error, within another message
const answer = Buffer.concat([
  row,
  fatalError('53100', 'could not extend file: No space left on device'),
  sync(),
  row,
  fatalError('23505', 'Cduplicate'),
  sync(),
])

it('finds the codes of errors however the bytes are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(answer.length)), (cuts) => {
      const reader = new ErrorReader()
      const edges = [0, ...cuts.sort((a, b) => a - b), answer.length]
      const pieces = edges.slice(1).map((to, i) => answer.subarray(edges[i], to))
      expect(pieces.flatMap((piece) => reader.push(piece))).toEqual(['53100', '23505'])
    }),
  )
})

it.each([
  ['a full disk', '53100', true],
  ['a file that is there and should not be', '58P02', true],
  ['a file that is not there and should be', '58P01', true],
  ['an error of the device', '58030', true],
  ['too many clients', '53300', false],
  ['a violated constraint', '23505', false],
  ['a statement that was wrong', '42601', false],
])('takes %s (%s) for a failed storage or not', (_what, code, failed) => {
  expect(isStorageFailure(code)).toBe(failed)
})
