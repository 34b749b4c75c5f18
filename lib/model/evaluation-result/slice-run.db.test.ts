import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { countStatements } from '#tests/support/count-statements.ts'
import { openRunHarness, type RunHarness } from '#tests/support/test-runs.ts'
import { listPredictions } from './list-predictions.ts'
import { sliceNameOf } from './slice-names.ts'
import { sliceRun, sliceRunByValues } from './slice-run.ts'

let harness: RunHarness
let run: string
beforeAll(async () => {
  harness = await openRunHarness()
  await harness.makeDataset('sliced', 60)
  const version = await harness.makeVersion({ modalities: { 'lung-covid': 'ct' } })
  run = await harness.startRun(version, 'sliced')
  await harness.work(run)
})
afterAll(() => harness.close())

const rows = () => listPredictions({ db: harness.db }, { id: run, after: null, take: 500 })
type Rows = Awaited<ReturnType<typeof rows>>
const counted = (some: Rows) => ({
  n: some.length,
  value: some.filter((row) => row.predictedClass === row.referenceClass).length / some.length,
})

describe('the accuracy of a run in parts', () => {
  test('by technique, as the card says, the largest first', async () => {
    const { slices, more, without } = await sliceRun(harness.context(), { id: run, by: 'modality' })
    const all = await rows()
    expect([more, without]).toEqual([0, 0])
    expect(slices).toMatchObject([
      { name: 'chest-xray', accuracy: counted(all.filter((row) => row.referenceClass !== 'lung-covid')) },
      { name: 'ct', accuracy: counted(all.filter((row) => row.referenceClass === 'lung-covid')) },
    ])
    expect(slices.map(({ isSmall }) => isSmall)).toEqual([false, false])
    expect(slices[0]?.accuracy.method).toBe('Wilson 95% CI')
  })

  test('by confidence, in the order of the bands, which together hold every image', async () => {
    const { slices } = await sliceRun(harness.context(), { id: run, by: 'confidence' })
    expect(slices.reduce((sum, { accuracy }) => sum + accuracy.n, 0)).toBe(60)
    const starts = slices.map(({ name }) => Number.parseInt(name, 10))
    expect(starts).toEqual(starts.toSorted((a, b) => a - b))
    const all = await rows()
    for (const { name, accuracy } of slices) {
      const [from = 0, to = 0] = name.replace(/ ?%/, '').split('–').map(Number)
      const inside = all.filter(({ confidence }) => {
        const at = 100 * (confidence ?? -1)
        return at >= from && (at < to || to === 100)
      })
      expect(accuracy).toMatchObject(counted(inside))
    }
  })

  test('reads the rows once, whatever is asked for afterwards', async () => {
    const values = [{ imageKey: (await rows())[0]?.imageKey ?? '', value: 'one' }]
    await sliceRun(harness.context(), { id: run, by: 'modality' })
    const statements = await countStatements(harness.db, async () => {
      await sliceRun(harness.context(), { id: run, by: 'size' })
      await sliceRun(harness.context(), { id: run, by: 'confidence' })
      await sliceRunByValues(harness.context(), { id: run, values })
    })
    expect(statements).toBe(3) // whether the run has succeeded, each time
  })

  test('by what is unknown: all images are without', async () => {
    expect(await sliceRun(harness.context(), { id: run, by: 'patient' })).toEqual({
      slices: [],
      more: 0,
      without: 60,
    })
  })

  test('by a column of a user’s table', async () => {
    const all = await rows()
    const values = all
      .slice(0, 50)
      .map(({ imageKey }, i) => ({ imageKey, value: i % 5 === 0 ? 'old' : 'new' }))
    const sliced = await sliceRunByValues(harness.context(), { id: run, values })
    expect(sliced).toMatchObject({
      slices: [
        { name: 'new', isSmall: false, accuracy: counted(all.slice(0, 50).filter((_, i) => i % 5 !== 0)) },
        { name: 'old', isSmall: true, accuracy: counted(all.slice(0, 50).filter((_, i) => i % 5 === 0)) },
      ],
      without: 10,
    })
  })

  test('is refused for a run without numbers', async () => {
    const waiting = await harness.startRun(await harness.makeVersion(), 'sliced')
    await expect(sliceRun(harness.context(), { id: waiting, by: 'size' })).rejects.toMatchObject({
      code: 'RUN_NOT_SUCCEEDED',
    })
    await harness.work(waiting)
  })
})

test.each([
  [256, 100, '1–256 px'],
  [100, 257, '257–512 px'],
  [2048, 2048, '1025–2048 px'],
  [2049, 1, 'over 2048 px'],
])('an image of %i × %i pixels belongs to %s', (width, height, name) => {
  const image = { imageKey: 'a', modality: 'oct', patient: null, confidence: 0.5, width, height }
  expect(sliceNameOf('size', image)).toBe(name)
  expect(sliceNameOf('size', { ...image, width: null, height: null })).toBeNull()
})

test.each([
  [0, '0–50%'],
  [0.4999, '0–50%'],
  [0.5, '50–60%'],
  [0.95, '95–100%'],
  [1, '95–100%'],
])('a confidence of %f belongs to %s', (confidence, name) => {
  const image = { imageKey: 'a', modality: 'oct', patient: null, confidence, width: 1, height: 1 }
  expect(sliceNameOf('confidence', image)).toBe(name)
})
