import { expect, test } from 'vitest'
import { classColours } from './class-colours.ts'

test('gives a class the same colour in whatever order the classes come', () => {
  const classes = ['melanoma', 'naevus', 'lung-normal', 'constructor']
  const forwards = classColours(classes)
  const backwards = classColours(classes.toReversed())
  for (const name of classes) expect(backwards.get(name)).toBe(forwards.get(name))
})

test('gives up to twelve classes twelve colours', () => {
  const classes = Array.from({ length: 12 }, (_, index) => `class ${index}`)
  expect(new Set(classColours(classes).values()).size).toBe(12)
})

test('keeps the colour of a well-known class beside unknown ones', () => {
  expect(classColours(['a', 'lung-covid', 'b']).get('lung-covid')).toBe('var(--class-1)')
})

test('gives every class a colour when there are more classes than colours', () => {
  const classes = Array.from({ length: 40 }, (_, index) => `class ${index}`)
  expect(classColours(classes).size).toBe(40)
})
