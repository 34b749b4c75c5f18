import { expect, it } from 'vitest'
import { readModelCard, readStoredCard } from './read-card.ts'

const card = (changes: object) => ({ name: 'm', findingClasses: ['a', 'b'], ...changes })

it.each([
  ['name', 'U+001B', { name: '\x1b[2Jm' }],
  ['name', 'U+000A', { name: 'two\nlines' }],
  ['name', 'U+009B', { name: 'm\x9b31m' }],
  ['name', 'U+2028', { name: 'two\u2028lines' }],
  ['name', 'U+202E', { name: 'xnno.\u202em' }],
  ['findingClasses.1', 'folder', { findingClasses: ['a', 'b\x7f'] }],
  ['input.name', 'U+0007', { input: { name: 'in\x07put' } }],
  ['output.logits', 'U+0000', { output: { logits: '\0' } }],
  ['modalities.a', 'U+000D', { modalities: { a: 'oct\r' } }],
  ['modalities.aU+001B', 'folder', { findingClasses: ['a\x1b', 'b'], modalities: { 'a\x1b': 'oct' } }],
  ['lineage.parent', 'U+0009', { lineage: { parent: 'a\tb' } }],
  ['lineage.snapshots.1', 'U+0008', { lineage: { snapshots: ['a', '\b'] } }],
  ['lineage.codeVersion', 'U+001B', { lineage: { codeVersion: '\x1b]0;x\x07' } }],
])('a card is refused for its %s (%s)', (place, character, changes) => {
  const refused = () => readModelCard(card(changes))
  expect(refused).toThrow(
    expect.objectContaining({
      code: 'INVALID_CARD',
      details: {
        faults: expect.arrayContaining([
          expect.objectContaining({ path: place, message: expect.stringContaining(character) }),
        ]),
      },
    }),
  )
  // What a terminal would obey is not handed on.
  expect(refused).not.toThrow(/[\p{Cc}\u2028\u202e\u2067]/u)
})

it('letters of any script, joiners and emoji stay', () => {
  const name = 'Röntgen 胸部 أشعة ‍ 🫁'
  expect(readModelCard(card({ name })).name).toBe(name)
})

it('finding classes are named as their folders are', () => {
  const findingClasses = ['a', '\u2067b']
  expect(readModelCard(card({ findingClasses })).findingClasses).toEqual(findingClasses)
})

it('a card that was stored before stays readable', () => {
  expect(readStoredCard(card({ name: 'two\nlines' })).name).toBe('two\nlines')
})
