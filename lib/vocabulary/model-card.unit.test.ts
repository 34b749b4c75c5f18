import { describe, expect, it } from 'vitest'
import { readModelCard } from '#lib/model/card/read-card.ts'

const card = (changes: object) => ({ name: 'm', findingClasses: ['a', '__proto__'], ...changes })

describe('a model card', () => {
  it('keeps the modality of a class of any name, also through JSON', () => {
    const text = '{"a":"oct","__proto__":"chest-xray"}'
    const read = readModelCard(card({ modalities: JSON.parse(text) }))
    expect(Object.entries(read.modalities ?? {})).toEqual([
      ['a', 'oct'],
      ['__proto__', 'chest-xray'],
    ])
    expect(JSON.stringify(readModelCard(JSON.parse(JSON.stringify(read))).modalities)).toBe(text)
    expect('chest-xray' in {}).toBe(false)
  })

  it.each([
    ['modalities.b', { modalities: { b: 'oct' } }],
    ['modalities.a', { modalities: { a: '' } }],
    ['modalities.a', { modalities: { a: 7 } }],
    ['modalities', { modalities: ['oct'] }],
    ['modalities', { modalities: 'oct' }],
    ['output', { output: {} }],
    ['output', { output: { logits: 'x', probabilities: 'y' } }],
    ['findingClasses', { findingClasses: ['a', 'a'] }],
    ['findingClasses', { findingClasses: ['a'] }],
    ['preprocessing.std.0', { preprocessing: { std: [0] } }],
    ['preprocessing.std.0', { preprocessing: { std: [-1] } }],
    ['preprocessing.scale', { preprocessing: { scale: 0 } }],
    ['preprocessing.mean.0', { preprocessing: { mean: [Number.NaN] } }],
    ['preprocessing.mean.0', { preprocessing: { mean: [Number.POSITIVE_INFINITY] } }],
  ])('is refused for its %s', (place, changes) => {
    expect(() => readModelCard(card(changes))).toThrow(
      expect.objectContaining({
        kind: 'UNPROCESSABLE',
        code: 'INVALID_CARD',
        details: { faults: expect.arrayContaining([expect.objectContaining({ path: place })]) },
      }),
    )
  })
})
