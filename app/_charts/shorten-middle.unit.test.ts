import { expect, it } from 'vitest'
import { shortenMiddle } from './shorten-middle.ts'

it.each([
  ['lung-covid', 18, 'lung-covid'],
  ['exactly-eighteen-c', 18, 'exactly-eighteen-c'],
  ['lung-consolidation-left-upper', 18, 'lung-cons…ft-upper'],
  ['lung-consolidation-left-lower', 18, 'lung-cons…ft-lower'],
  ['abcdef', 4, 'ab…f'],
])('shortens %s to %i characters as %s', (name, characters, short) => {
  expect(shortenMiddle(name, characters)).toBe(short)
})
