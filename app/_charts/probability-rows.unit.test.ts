import { expect, it } from 'vitest'
import { shownClasses } from './probability-rows.ts'

const named = (count: number) => Array.from({ length: count }, (_, index) => `class-${index}`)

it('a few classes stand in the order of the version', () => {
  const rows = shownClasses({
    findingClasses: ['b', 'a'],
    probabilities: [0.1, 0.9],
    predictedClass: 'a',
    all: false,
  })
  expect(rows).toEqual([
    { findingClass: 'b', probability: 0.1 },
    { findingClass: 'a', probability: 0.9 },
  ])
})

it('of many classes the likeliest are shown, and the reference class however unlikely it is', () => {
  const findingClasses = named(40)
  const probabilities = findingClasses.map((_, index) => index / 780)
  const input = { findingClasses, probabilities, predictedClass: 'class-39', referenceClass: 'class-3' }
  const names = shownClasses({ ...input, all: false }).map(({ findingClass }) => findingClass)
  expect(names).toEqual([...named(40).slice(32).toReversed(), 'class-3'])
  expect(shownClasses({ ...input, all: true })).toHaveLength(40)
})
