import { expect, it } from 'vitest'
import { commaList, formatCommaList } from './setting-field.ts'

it.each([
  [' /radiology , /archive,', ['/radiology', '/archive']],
  ['/studies/Meier\\, Anna,/b', ['/studies/Meier, Anna', '/b']],
  ['', []],
])('a list %j has the parts %j', (text, parts) => {
  expect(commaList.parse(text)).toEqual(parts)
})

it('a list is read as it was written, commas within its parts included', () => {
  const parts = ['/a,b', '/c\\d', '/,,', '/plain']
  expect(commaList.parse(formatCommaList(parts))).toEqual(parts)
})
