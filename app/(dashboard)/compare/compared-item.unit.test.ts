import { expect, it } from 'vitest'
import type { ComparedImage } from '#lib/model/comparison/schema.ts'
import { comparedItem } from './compared-item.ts'

const image = (
  outcome: ComparedImage['outcome'],
  was: [string, number],
  is: [string, number],
): ComparedImage => ({
  imageId: 7,
  imageKey: 'covid/7.png',
  referenceClass: 'covid',
  patient: null,
  outcome,
  change: 0,
  baseline: { predictedClass: was[0], confidence: was[1], probabilities: [] },
  candidate: { predictedClass: is[0], confidence: is[1], probabilities: [] },
})

it.each([
  ['fixed', image('fixed', ['normal', 0.81], ['covid', 0.93]), 'covid 93%', 'Baseline: normal 81%', 'right'],
  ['broken', image('broken', ['covid', 0.6], ['normal', 0.5]), 'normal 50%', 'Baseline: covid 60%', 'wrong'],
  ['unchanged', image('both-right', ['covid', 0.6], ['covid', 0.7]), 'covid 70%', 'Baseline: 60%', 'right'],
] as const)('tells of an image that is %s', (_name, given, title, detail, mark) => {
  expect(comparedItem(given, '/images/7')).toMatchObject({ id: '7', title, detail, mark, href: '/images/7' })
})
