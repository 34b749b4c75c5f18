import { expect, test } from 'vitest'
import {
  confusionShade,
  NO_SHADE,
  RIGHT_SHADES,
  type Shade,
  WRONG_SHADES,
} from '#app/_charts/confusion-shade.ts'
import { confusionRows, mostFrequentConfusions } from './confusion-rows.ts'

const MATRIX = {
  classes: ['a', 'b', 'c'],
  counts: [
    [8, 2, 0],
    [5, 90, 5],
    [0, 0, 0],
  ],
}

test('gives each cell its share of the reference class', () => {
  const [a, b] = confusionRows(MATRIX)
  expect(a?.n).toBe(10)
  expect(a?.cells.map(({ shareRatio }) => shareRatio)).toEqual([0.8, 0.2, 0])
  expect(b?.cells.map(({ shareRatio }) => shareRatio)).toEqual([0.05, 0.9, 0.05])
  expect(b?.cells.map(({ isRight }) => isRight)).toEqual([false, true, false])
})

test('gives a reference class without images no shares', () => {
  expect(confusionRows(MATRIX)[2]?.cells.map(({ shareRatio }) => shareRatio)).toEqual([null, null, null])
})

test('orders confusions by their share of the reference class and leaves right answers out', () => {
  const confusions = mostFrequentConfusions(confusionRows(MATRIX), 2)
  expect(
    confusions.map(({ referenceClass, predictedClass }) => `${referenceClass} as ${predictedClass}`),
  ).toEqual(['a as b', 'b as a'])
  expect(confusions[0]).toMatchObject({ count: 2, n: 10, shareRatio: 0.2 })
})

test('finds no confusion where every answer is right', () => {
  const rows = confusionRows({
    classes: ['a', 'b'],
    counts: [
      [4, 0],
      [0, 3],
    ],
  })
  expect(mostFrequentConfusions(rows, 5)).toEqual([])
})

test('colours nothing where nothing is', () => {
  expect(confusionShade(0, false)).toBe(NO_SHADE)
  expect(confusionShade(null, true)).toBe(NO_SHADE)
})

test('colours a larger share never fainter, right answers and mistakes apart', () => {
  for (const [isRight, shades] of [
    [true, RIGHT_SHADES],
    [false, WRONG_SHADES],
  ] as const) {
    let last = 0
    for (let share = 0.001; share <= 1; share += 0.001) {
      const index = shades.indexOf(confusionShade(share, isRight))
      expect(index).toBeGreaterThanOrEqual(last)
      last = index
    }
    expect(last).toBe(shades.length - 1)
    expect(confusionShade(1, isRight)).toBe(shades.at(-1))
  }
})

test('keeps the text of every step readable in both schemes', () => {
  for (const shade of [...RIGHT_SHADES, ...WRONG_SHADES].flatMap(({ light, dark }) => [light, dark]))
    expect(contrast(shade), JSON.stringify(shade)).toBeGreaterThanOrEqual(4.5)
})

/** WCAG 2.2: (L1 + 0.05) / (L2 + 0.05) of the relative luminances. */
function contrast({ background, text }: Shade): number {
  const [lighter, darker] = [luminance(background), luminance(text)].toSorted((a, b) => b - a) as [
    number,
    number,
  ]
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((from) => {
    const value = Number.parseInt(colour.slice(from, from + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
