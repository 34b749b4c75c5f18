import { expect, test } from 'vitest'
import { modalityOf } from './finding-class.ts'

test.each([
  ['lung-covid', {}, 'chest-xray'],
  ['lung-oct-cnv', {}, 'oct'],
  ['lung-october', {}, 'chest-xray'],
  ['oct', {}, 'chest-xray'],
  ['lung-oct-cnv', { 'lung-oct-cnv': 'chest-xray' }, 'chest-xray'],
  ['retina', { retina: 'oct' }, 'oct'],
  ['constructor', {}, 'chest-xray'],
  ['__proto__', JSON.parse('{"__proto__": "oct"}') as Record<string, string>, 'oct'],
])('%s with the card %j is %s', (findingClass, cardModalities, modality) => {
  expect(modalityOf(findingClass, cardModalities)).toBe(modality)
})
