import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectGoldenComparison } from '#tests/reference/expect-golden-comparison.ts'
import { ABC, type ComparisonBench, openComparisonBench, rowsOf } from '#tests/support/test-comparisons.ts'

let bench: ComparisonBench
beforeAll(async () => {
  bench = await openComparisonBench()
})
afterAll(() => bench.close())

test('gives every number of the nine-class fixture', async () => {
  const { baseline, candidate } = await expectGoldenComparison(bench.api)
  const { body } = await bench.compare(baseline, candidate, 'golden_9class')
  expect(body.headline).toMatch(
    /^golden v2 is better than golden v1: 91.5% against 81.5% of 270 images correct/,
  )
  expect(body.gate).toMatchObject({
    passes: true,
    reasons: [],
    rules: { accuracyFloor: 0.85, mustNotMiss: [] },
  })
  expect(body.imageSets).toMatchObject({ both: 270, baselineOnly: 0, candidateOnly: 0, relabelled: 0 })
  expect(body.intersection).toBe(false)

  const strict = await bench.compare(
    baseline,
    candidate,
    'golden_9class',
    '&mustNotMiss=class-8&mustNotMiss=class-0&accuracyFloor=0.95&resamples=200&seed=7',
  )
  expect(strict.body.gate.passes).toBe(false)
  expect(strict.body.gate.reasons).toEqual([
    'The accuracy is 91.5%; the gate requires at least 95.0%.',
    'class-8 (critical finding) has 8 images; the gate requires at least 10.',
  ])
  expect(strict.body.macroF1Difference).toMatchObject({ resamples: 200, seed: 7 })
  const again = await bench.compare(baseline, candidate, 'golden_9class', '&resamples=200&seed=7')
  expect(again.body.macroF1Difference).toEqual(strict.body.macroF1Difference)
})

test('says undecided where a version is compared with its equal', async () => {
  const rows = rowsOf(60, (i) => i % 5 === 0)
  const [one, two] = [
    await bench.importVersion('equal', ABC, rows),
    await bench.importVersion('equal', ABC, rows),
  ]
  const { body } = await bench.compare(one, two, 'equal')
  expect(body.verdict).toBe('undecided')
  expect(body.headline).toContain('Undecided whether made v2 is better than made v1')
  expect(body.difference).toMatchObject({ value: 0, n: 60 })
})

describe('runs over different images', () => {
  test('are refused with the counts, and compared on the common ones on demand', async () => {
    const first = await bench.importVersion(
      'differing',
      ABC,
      rowsOf(60, (i) => i % 5 === 0),
    )
    const second = await bench.importVersion(
      'differing',
      ABC,
      rowsOf(50, () => false, 20),
    )
    const refused = await bench.compare(first, second, 'differing')
    expect(refused.status).toBe(409)
    expect(refused.body.error).toMatchObject({
      code: 'IMAGE_SETS_DIFFER',
      message: expect.stringContaining('40 have a prediction of both, 20 of made v'),
      details: {
        baseline: { images: 60, errors: 0 },
        candidate: { images: 50, errors: 0 },
        both: 40,
        baselineOnly: 20,
        candidateOnly: 10,
        relabelled: 0,
      },
    })
    const { status, body } = await bench.compare(first, second, 'differing', '&intersection=true')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      n: 40,
      intersection: true,
      paired: { candidateOnly: 8, baselineOnly: 0, bothRight: 32 },
    })
    expect(body.reasons.at(-1)).toBe(
      'Only the 40 images with a prediction of both were compared; 20 of the baseline alone and 10 of the candidate alone were left out.',
    )
  })

  test('are refused where nothing is common', async () => {
    const first = await bench.importVersion(
      'disjoint',
      ABC,
      rowsOf(9, () => false),
    )
    const second = await bench.importVersion(
      'disjoint',
      ABC,
      rowsOf(9, () => false, 100),
    )
    const refused = await bench.compare(first, second, 'disjoint', '&intersection=true')
    expect(refused.status).toBe(409)
    expect(refused.body.error.code).toBe('NO_COMMON_IMAGES')
  })
})

test('compares versions that name their classes in another order', async () => {
  const rows = rowsOf(30, (i) => i % 4 === 0)
  const straight = await bench.importVersion('ordered', ABC, rows)
  const turned = await bench.importVersion('ordered', ['c', 'a', 'b'], rows)
  const { body } = await bench.compare(straight, turned, 'ordered')
  expect(body.paired).toMatchObject({ baselineOnly: 0, candidateOnly: 0 })
  expect(body.macroAurocDifference.value).toBe(0)
  expect(body.confusion.delta.flat().every((count: number) => count === 0)).toBe(true)
  expect(body.versionsKappa).toBe(1)
})

test('compares a version that knows one more class', async () => {
  const rows = rowsOf(30, () => false)
  const three = await bench.importVersion('wider', ABC, rows)
  const four = await bench.importVersion(
    'wider',
    [...ABC, 'd'],
    rows.map((row, i) => (i === 0 ? { ...row, predicted: 'd' } : row)),
  )
  const { body } = await bench.compare(three, four, 'wider')
  expect(body.confusion.classes).toEqual(['a', 'b', 'c', 'd'])
  expect(body.confusion.delta[0]).toEqual([-1, 0, 0, 1])
  expect(body.findingClasses[3]).toMatchObject({ findingClass: 'd', n: 0, p: null, holmP: null })
  expect(body.classesPresent).toBe(3)
})

test('counts by patient beside the plain interval where a patient has several images', async () => {
  const rows = (wrong: (i: number) => boolean) =>
    rowsOf(60, wrong).map((row, i) => ({ ...row, patient: `p${i % 5}` }))
  const first = await bench.importVersion(
    'patients',
    ABC,
    rows((i) => i % 5 === 0),
  )
  const second = await bench.importVersion(
    'patients',
    ABC,
    rows(() => false),
  )
  const { body } = await bench.compare(first, second, 'patients')
  expect(body.patients).toBe(5)
  expect(body.differenceByPatient.method).toContain('by patient (5 patients)')
  expect(body.verdict).toBe('better')
  expect(body.reasons.some((reason: string) => reason.startsWith('By patient'))).toBe(true)
})

describe('a question that cannot be answered', () => {
  const UNKNOWN = '00000000-0000-4000-8000-000000000000'
  test('is refused by what is missing', async () => {
    const version = await bench.importVersion(
      'asked',
      ABC,
      rowsOf(9, () => false),
    )
    const elsewhere = await bench.importVersion(
      'elsewhere',
      ABC,
      rowsOf(9, () => false),
    )
    const codes = async (...question: [string, string, string, string?]) => {
      const { status, body } = await bench.compare(...question)
      return [status, body.error.code]
    }
    expect(await codes(version, UNKNOWN, 'asked')).toEqual([404, 'NOT_FOUND'])
    expect(await codes(version, version, 'nowhere')).toEqual([404, 'NOT_FOUND'])
    expect(await codes(version, elsewhere, 'asked')).toEqual([422, 'NOT_EVALUATED'])
    const { body } = await bench.compare(version, elsewhere, 'asked')
    expect(body.error.message).toContain('import its predictions') // there is no model to evaluate
    expect(await codes(version, version, 'asked', '&mustNotMiss=z')).toEqual([422, 'UNKNOWN_CLASS'])
    expect(await codes(version, 'v1', 'asked')).toEqual([400, 'INVALID_INPUT'])
    expect(await codes(version, version, 'asked', '&resamples=1')).toEqual([400, 'INVALID_INPUT'])
    expect(await codes(version, version, 'asked', '&colour=red')).toEqual([400, 'INVALID_INPUT'])
  })

  test('names the field of an import that is not well-formed', async () => {
    const wrong = {
      modelVersion: { name: 'x', findingClasses: ABC },
      dataset: 'd',
      predictions: [{ imageKey: 'a/1', referenceClass: 'a', probabilities: [1.2, 0, 0] }],
    }
    const refused = await bench.api.post('/api/prediction-sets', wrong)
    expect(refused.status).toBe(400)
    expect(refused.body.error.details.faults[0].path).toBe('predictions.0.probabilities.0')
    expect((await bench.api.post('/api/prediction-sets', { ...wrong, colour: 'red' })).status).toBe(400)
  })

  test('gives the first reply again for the same idempotency key, and refuses another body under it', async () => {
    const body = {
      modelVersion: { name: 'keyed', findingClasses: ABC },
      dataset: 'keyed',
      predictions: [{ imageKey: 'a/1', referenceClass: 'a', probabilities: [1, 0, 0] }],
    }
    const send = (given: unknown) =>
      bench.call('POST', '/api/prediction-sets', given, { 'idempotency-key': 'k' })
    const [first, again] = [await send(body), await send(body)]
    expect([first.status, again.body]).toEqual([201, first.body])
    expect((await send({ ...body, dataset: 'other' })).status).toBe(409)
  })
})
