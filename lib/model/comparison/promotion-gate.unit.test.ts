import { expect, test } from 'vitest'
import { differenceStatistic } from './newcombe-paired-interval.ts'
import { countImages } from './paired-counts.ts'
import { DEFAULT_GATE_RULES, promotionGate } from './promotion-gate.ts'
import type { FindingClassComparison, GateRules, PairedCounts } from './schema.ts'

const counts = (
  bothRight: number,
  baselineOnly: number,
  candidateOnly: number,
  bothWrong: number,
): PairedCounts => ({
  bothRight,
  baselineOnly,
  candidateOnly,
  bothWrong,
})

function findingClass(name: string, paired: PairedCounts): FindingClassComparison {
  const difference = differenceStatistic(paired)
  return {
    findingClass: name,
    n: countImages(paired),
    paired,
    difference,
    baseline: difference,
    candidate: difference,
    p: null,
    holmP: null,
  }
}

const GOOD = counts(900, 20, 25, 55)
const rules = (changes: Partial<GateRules>): GateRules => ({ ...DEFAULT_GATE_RULES, ...changes })
const decide = (
  paired: PairedCounts,
  changes: Partial<GateRules> = {},
  classes: FindingClassComparison[] = [],
) => promotionGate({ paired, findingClasses: classes }, rules(changes))

test.each<[string, PairedCounts, Partial<GateRules>, FindingClassComparison[], (string | RegExp)[]]>([
  ['lets a candidate through that keeps up', GOOD, {}, [], []],
  [
    'asks for enough images',
    counts(95, 1, 2, 1),
    {},
    [],
    ['99 images were compared; the gate requires at least 100 images.'],
  ],
  [
    'asks for the accuracy floor',
    counts(840, 5, 9, 146),
    {},
    [],
    ['The accuracy is 84.9%; the gate requires at least 85.0%.'],
  ],
  ['takes an accuracy that is exactly the floor', counts(840, 5, 10, 145), {}, [], []],
  [
    'stops what may be worse by the margin',
    counts(880, 40, 25, 55),
    { nonInferiorityMargin: 0.03 },
    [],
    [/^The accuracy may be 3\.1 points below/],
  ],
  ['passes the same with a wider margin', counts(880, 40, 25, 55), {}, [], []],
  [
    'names a must-not-miss class without images',
    GOOD,
    { mustNotMiss: ['tb'] },
    [],
    ['tb (critical finding) has 0 images; the gate requires at least 10.'],
  ],
  [
    'names a must-not-miss class with too few images',
    GOOD,
    { mustNotMiss: ['tb'] },
    [findingClass('tb', counts(9, 0, 0, 0))],
    ['tb (critical finding) has 9 images; the gate requires at least 10.'],
  ],
  [
    'lets a must-not-miss class keep its sensitivity',
    GOOD,
    { mustNotMiss: ['tb'] },
    [findingClass('tb', counts(190, 1, 4, 5))],
    [],
  ],
  [
    'stops a must-not-miss class that may be missed more often',
    GOOD,
    { mustNotMiss: ['tb'] },
    [findingClass('tb', counts(30, 4, 1, 5))],
    [
      /^tb \(critical finding\): on 40 images its sensitivity may be 20\.\d points below the baseline's \(lower end of the 95% CI\); the gate allows less than 5\.0 points\.$/,
    ],
  ],
  [
    'does not look at the sensitivity of other classes',
    GOOD,
    {},
    [findingClass('tb', counts(30, 9, 1, 5))],
    [],
  ],
])('%s', (_, paired, changes, classes, reasons) => {
  const decision = decide(paired, changes, classes)
  expect(decision.reasons).toHaveLength(reasons.length)
  decision.reasons.forEach((reason, i) => {
    expect(reason).toMatch(reasons[i] as string | RegExp)
  })
  expect(decision.passes).toBe(reasons.length === 0)
})

test('asks of each must-not-miss class what it asks of one alone: all of them must keep up', () => {
  const close = findingClass('tb', counts(110, 2, 4, 4)) // its 95% lower bound is above −5 points
  const worse = findingClass('covid', counts(30, 4, 1, 5))
  expect(decide(GOOD, { mustNotMiss: ['tb'] }, [close]).passes).toBe(true)
  const { reasons } = decide(GOOD, { mustNotMiss: ['tb', 'covid'] }, [close, worse])
  expect(reasons).toHaveLength(1)
  expect(reasons[0]).toMatch(/^covid/)
})

test('asks for the margin by patient too, where patients have several images', () => {
  const decideByPatient = (low: number | null, high: number | null) =>
    promotionGate({ paired: GOOD, differenceByPatient: { low, high }, findingClasses: [] }).reasons
  expect(decideByPatient(-0.049, 0.01)).toEqual([])
  expect(decideByPatient(-0.06, 0)).toEqual([
    "By patient the accuracy may be 6.0 points below the baseline's (95% CI −6.0 to 0.0); the gate allows less than 5.0 points.",
  ])
  expect(decideByPatient(null, null)).toEqual([
    'There are too few patients for an interval of the difference by patient.',
  ])
})

test('does not say that 85.0% is less than 85.0%', () => {
  const [reason] = decide(counts(8497, 0, 0, 1503)).reasons
  expect(reason).toBe('The accuracy is 84.970%; the gate requires at least 85.0%.')
})

test('never lets nothing through', () => {
  expect(decide(counts(0, 0, 0, 0), { minimumImages: 0 }).passes).toBe(false)
})
