import { expect, test } from 'vitest'
import { assertDatasetName } from './dataset-name.ts'

test.each(['final_eval', 'train', 'x', '2026-11', 'a.b-c_D', 'n'.repeat(100)])('accepts %s', (name) => {
  expect(() => assertDatasetName(name)).not.toThrow()
})

test.each([
  '',
  '.',
  '..',
  '../../etc',
  '..%2f',
  '%252e%252e',
  'C:\\',
  'file://',
  'a\0',
  'a b',
  'a\n',
  'a/b',
  '-rf',
  '.hidden',
  'ä',
  'a\u0301',
  'n'.repeat(101),
])('refuses %j', (name) => {
  expect(() => assertDatasetName(name)).toThrow(
    expect.objectContaining({ kind: 'BAD_REQUEST', code: 'BAD_NAME' }),
  )
})
