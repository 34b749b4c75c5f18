import { expect, test } from 'vitest'
import { hasEntityTag } from './entity-tag.ts'

test.each([
  ['"a"', true],
  ['W/"a"', true],
  ['"b", "a"', true],
  ['*', true],
  ['"b"', false],
  ['a', false],
  [null, false],
])('If-None-Match %s: the client has it: %s', (given, wanted) => {
  const headers: Record<string, string> = given === null ? {} : { 'If-None-Match': given }
  expect(hasEntityTag(new Request('http://x.test/', { headers }), '"a"')).toBe(wanted)
})
