import { expect, test } from 'vitest'
import { describeFindings, type Findings, weakestClass } from './describe-findings.ts'

function findingsOf(classes: string[], counts: number[][]): Findings {
  const totals = counts.map((row) => row.reduce((sum, count) => sum + count, 0))
  return {
    n: totals.reduce((sum, total) => sum + total, 0),
    findingClasses: classes.map((findingClass, k) => {
      const n = totals[k] ?? 0
      return { findingClass, n, accuracy: n === 0 ? null : (counts[k]?.[k] ?? 0) / n }
    }),
    confusion: { classes, counts },
  }
}

test('names the best and the weakest class and what the weakest is taken for', () => {
  const counts = [
    [98, 1, 1],
    [6, 68, 22],
    [4, 6, 90],
  ]
  expect(describeFindings(findingsOf(['normal', 'covid', 'opacity'], counts))).toEqual([
    'Correct on 256 of 296 images (86.5%).',
    'Best on normal (98.0%), weakest on covid (70.8%), most often misclassified as opacity (22 of 96).',
  ])
})

test('names all classes that a weakest class is equally often taken for', () => {
  const counts = [
    [40, 0, 0],
    [5, 30, 5],
    [1, 0, 39],
  ]
  expect(describeFindings(findingsOf(['a', 'b', 'c'], counts))[1]).toBe(
    'Best on a (100.0%), weakest on b (75.0%), most often misclassified as a or c (5 of 40 each).',
  )
})

test('says when a figure stands on few images, and which classes have none', () => {
  const counts = [
    [50, 0, 0],
    [3, 4, 0],
    [0, 0, 0],
  ]
  expect(describeFindings(findingsOf(['a', 'b', 'c'], counts)).slice(2)).toEqual([
    'Few images of b (7): see their intervals.',
    'No images of c.',
  ])
})

test('counts the classes instead of naming more than three', () => {
  const classes = ['a', 'b', 'c', 'd']
  const diagonal = classes.map((_, row) => classes.map((__, column) => (row === column ? 1 : 0)))
  expect(describeFindings(findingsOf(classes, diagonal))).toEqual([
    'Correct on 4 of 4 images (100.0%).',
    'No errors in 4 classes.',
    'Few images of 4 classes: see their intervals.',
  ])
})

test('claims no best and no weakest class where all stand alike', () => {
  const findings = findingsOf(
    ['a', 'b'],
    [
      [30, 10],
      [15, 45],
    ],
  )
  expect(describeFindings(findings)[1]).toBe('All 2 classes have a sensitivity of 75.0%.')
  expect(weakestClass(findings.findingClasses)).toBeNull()
})

test('compares nothing where the images are of one class', () => {
  const [, comparison] = describeFindings(
    findingsOf(
      ['a', 'b'],
      [
        [30, 10],
        [0, 0],
      ],
    ),
  )
  expect(comparison).toBe('All images are of a: this shows nothing about telling classes apart.')
})

test('says that nothing can be said where no image has a prediction', () => {
  const findings = findingsOf(
    ['a', 'b'],
    [
      [0, 0],
      [0, 0],
    ],
  )
  expect(describeFindings(findings)).toEqual([
    'No image has a prediction, so nothing can be said about the model.',
  ])
  expect(weakestClass(findings.findingClasses)).toBeNull()
})

test('takes the larger of two classes that are equally weak', () => {
  const classes = [
    { findingClass: 'small', n: 10, accuracy: 0.5 },
    { findingClass: 'large', n: 200, accuracy: 0.5 },
    { findingClass: 'good', n: 50, accuracy: 0.9 },
  ]
  expect(weakestClass(classes)?.findingClass).toBe('large')
})
