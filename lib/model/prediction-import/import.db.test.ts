import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditEvents } from '#db/schema/audit.ts'
import { modelVersions } from '#db/schema/model-version.ts'
import { getDataset } from '#lib/data/dataset/queries.ts'
import { listDatasetImages } from '#lib/data/image/list-images.ts'
import { FORMULA_VERSION } from '#lib/model/evaluation-result/formula-version.ts'
import { getRunCurves } from '#lib/model/evaluation-result/get-curves.ts'
import { getEvaluationMetrics } from '#lib/model/evaluation-result/get-metrics.ts'
import { findImageContent } from '#lib/model/evaluation-result/image-content.ts'
import { getImage } from '#lib/model/evaluation-result/image-details.ts'
import { listPredictions } from '#lib/model/evaluation-result/list-predictions.ts'
import { renewResult } from '#lib/model/evaluation-result/renew-result.ts'
import { createEvaluationRun } from '#lib/model/evaluation-run/create.ts'
import { getRun } from '#lib/model/evaluation-run/queries.ts'
import { retryEvaluationRun } from '#lib/model/evaluation-run/retry.ts'
import { getModelVersion } from '#lib/model/registry/queries.ts'
import { argmax } from '#lib/statistics/argmax.ts'
import { evaluationMetrics } from '#lib/statistics/evaluation-metrics.ts'
import { columns, golden } from '#tests/reference/reference-values.ts'
import { checkInvariants } from '#tests/support/check-invariants.ts'
import { numberedImage, openRunHarness, type RunHarness } from '#tests/support/test-runs.ts'
import { importPredictions } from './import.ts'
import { type ImportedPredictions, importedPredictionsSchema } from './schema.ts'

let harness: RunHarness
beforeAll(async () => {
  harness = await openRunHarness()
})
afterAll(async () => {
  await checkInvariants(harness.db)
  await harness.close()
})

const importing = (input: ImportedPredictions, idempotencyKey: string | null = null) =>
  importPredictions(harness.context(), importedPredictionsSchema.parse(input), { idempotencyKey })

const CLASSES = ['lung-covid', 'lung-normal', 'lung-pneumonia']

/** `images` rows of ever other classes; every `wrongEach`th is predicted wrongly. */
function made(
  dataset: string,
  images: number,
  { name = 'elsewhere', wrongEach = 4, from = 0 } = {},
): ImportedPredictions {
  return {
    modelVersion: { name, findingClasses: [...CLASSES] },
    dataset,
    predictions: Array.from({ length: images }, (_, i) => {
      const index = from + i
      const reference = index % 3
      const predicted = index % wrongEach === 0 ? (reference + 1) % 3 : reference
      return {
        imageKey: `${CLASSES[reference]}/${index}.png`,
        referenceClass: CLASSES[reference] as string,
        patient: `p${index % 7}`,
        probabilities: CLASSES.map((_, k) => (k === predicted ? 0.7 : 0.15)),
      }
    }),
  }
}

describe('importing into a new dataset', () => {
  test('gives a finished run that is served like any other', async () => {
    const input = made('imported', 40)
    const { modelVersionId, evaluationRunId } = await importing(input)
    expect(await harness.get(evaluationRunId)).toMatchObject({
      modelVersionId,
      status: 'succeeded',
      dataset: 'imported',
      provider: 'imported',
      progress: { done: 40, errors: 0, total: 40 },
      excluded: 0,
      reused: 0,
      accuracy: { value: 0.75, n: 40 },
    })
    expect(await getModelVersion(harness, { id: modelVersionId })).toMatchObject({
      name: 'elsewhere',
      number: 1,
      sha256: null,
      preprocessing: null,
      findingClasses: CLASSES,
      card: { name: 'elsewhere', findingClasses: CLASSES },
      evaluations: 1,
    })
    expect(await getDataset(harness, { name: 'imported' })).toMatchObject({
      location: null,
      images: 40,
      patients: 7,
      readySnapshot: { status: 'ready', images: 40 },
    })
    const rows = await listPredictions(harness, { id: evaluationRunId, take: 500 })
    expect(rows).toHaveLength(40)
    for (const row of rows) {
      const given = input.predictions.find(({ imageKey }) => imageKey === row.imageKey)
      expect(row.probabilities).toEqual(given?.probabilities)
      expect(row.patient).toBe(given?.patient)
    }
    expect((await getRunCurves(harness, { id: evaluationRunId })).n).toBe(40)
  })

  test('stores the numbers that its rows give', async () => {
    const { evaluationRunId } = await importing(made('recomputed', 50))
    const stored = await getEvaluationMetrics(harness, { id: evaluationRunId })
    const { curves: _, ...renewed } = await renewResult(harness.db, await getRun(harness.db, evaluationRunId))
    expect(renewed).toEqual(stored)
    expect(stored.intervals.accuracyByPatient?.method).toContain('by patient (7 patients)')
    expect(FORMULA_VERSION).toBeGreaterThan(0)
  })

  test('keeps probabilities to the last bit, whatever their rounding', async () => {
    const input = made('exact', 2)
    const probabilities = [0.1 + 0.2, 1 / 3, 1 - (0.1 + 0.2) - 1 / 3]
    const rounded = [0.3333, 0.3333, 0.3333]
    for (const [i, values] of [probabilities, rounded].entries()) {
      const row = input.predictions[i]
      if (row !== undefined) row.probabilities = values
    }
    const { evaluationRunId } = await importing(input)
    const rows = await listPredictions(harness, { id: evaluationRunId, take: 10 })
    expect(rows.map((row) => row.probabilities)).toEqual([probabilities, rounded])
    expect(rows.map((row) => row.predictedClass)).toEqual(['lung-pneumonia', 'lung-covid'])
  })

  test('agrees with the statistics on the nine-class fixture', async () => {
    const names = golden.expected.confusion[0].map((_, k) => `class-${k}`)
    const { evaluationRunId } = await importing({
      modelVersion: { name: 'golden', findingClasses: names },
      dataset: 'golden',
      predictions: golden.y.map((reference, i) => ({
        imageKey: `class-${reference}/${i}.png`,
        referenceClass: `class-${reference}`,
        probabilities: golden.P1[i] as number[],
      })),
    })
    const expected = await evaluationMetrics({
      classes: names,
      predictions: columns(golden.y, golden.P1.map(argmax), golden.P1),
      patients: golden.y.map(() => null),
      errors: 0,
      pause: async () => {},
    })
    expect(await getEvaluationMetrics(harness, { id: evaluationRunId })).toEqual({ ...expected, excluded: 0 })
  })

  test('writes down the dataset, the version and the predictions, in one change', async () => {
    const { modelVersionId, evaluationRunId } = await importing(made('audited', 5))
    const [event] = (
      await harness.db.select().from(auditEvents).where(eq(auditEvents.action, 'prediction-set.import'))
    ).slice(-1)
    expect(event).toMatchObject({
      objectType: 'prediction-set',
      after: { name: 'elsewhere', dataset: 'audited', modelVersionId, evaluationRunId, n: 5, errors: 0 },
    })
    const version = await harness.db
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.objectId, modelVersionId))
    expect(version.map(({ action }) => action)).toEqual(['model-version.register'])
  })

  test('shows its images without a picture and without a hash', async () => {
    await importing(made('pictureless', 3))
    const { rows } = await listDatasetImages(harness, {
      dataset: 'pictureless',
      sort: 'pixels',
      after: null,
      take: 2,
    })
    expect(rows).toMatchObject([{ sha256: null, width: null, height: null }, { sha256: null }])
    const after = rows[1]?.position ?? null
    const next = await listDatasetImages(harness, { dataset: 'pictureless', sort: 'pixels', after, take: 2 })
    expect(next.rows).toHaveLength(1)
    const id = rows[0]?.id ?? 0
    expect(await getImage(harness, { id })).toMatchObject({
      sha256: null,
      width: null,
      sizeBytes: null,
      duplicates: [],
    })
    const parts = { sources: harness.datasets.sources, renderer: null as never }
    await expect(findImageContent(harness, parts, { id, size: 'full' })).rejects.toMatchObject({
      kind: 'NOT_FOUND',
      code: 'NO_IMAGE_CONTENT',
    })
  })

  test('can neither be run again nor evaluated on anything else', async () => {
    const { modelVersionId, evaluationRunId } = await importing(made('final', 4))
    await expect(retryEvaluationRun(harness.context(), { id: evaluationRunId })).rejects.toMatchObject({
      code: 'NO_MODEL_FILE',
    })
    const input = { modelVersionId, dataset: 'final' }
    await expect(
      createEvaluationRun(harness.context(), harness.datasets.sources, input),
    ).rejects.toMatchObject({
      code: 'NO_MODEL_FILE',
    })
  })
})

describe('importing again', () => {
  test('joins the same images, and numbers the versions of one name', async () => {
    const first = await importing(made('twice', 12, { name: 'twice' }))
    const second = await importing(made('twice', 12, { name: 'twice', wrongEach: 3 }))
    const [one, two] = [await harness.get(first.evaluationRunId), await harness.get(second.evaluationRunId)]
    expect(two.snapshotId).toBe(one.snapshotId)
    expect([one.modelVersion.number, two.modelVersion.number]).toEqual([1, 2])
    expect(two.accuracy?.value).toBeCloseTo(8 / 12, 12)
  })

  test('takes other images as a snapshot of its own', async () => {
    const first = await importing(made('grown', 6))
    const second = await importing(made('grown', 9, { from: 3 }))
    const [one, two] = [await harness.get(first.evaluationRunId), await harness.get(second.evaluationRunId)]
    expect(two.snapshotId).not.toBe(one.snapshotId)
    expect([one.progress.total, two.progress.total]).toEqual([6, 9])
    expect((await getDataset(harness, { name: 'grown' })).images).toBe(9)
  })

  test('without a key makes another version each time, with one the same', async () => {
    const input = made('repeated', 3)
    const [first, second] = [await importing(input), await importing(input)]
    expect(second.modelVersionId).not.toBe(first.modelVersionId)
    const keyed = await Promise.all([importing(input, 'k1'), importing(input, 'k1'), importing(input, 'k1')])
    expect(new Set(keyed.map(({ evaluationRunId }) => evaluationRunId)).size).toBe(1)
    expect((await importing(input, 'k2')).evaluationRunId).not.toBe(keyed[0]?.evaluationRunId)
  })

  test('at the same time into one new dataset gives each its version', async () => {
    const all = await Promise.all([0, 1, 2, 3].map(() => importing(made('raced', 10))))
    expect(new Set(all.map(({ modelVersionId }) => modelVersionId)).size).toBe(4)
    expect((await getDataset(harness, { name: 'raced' })).images).toBe(10)
  })

  test('is refused where it contradicts what the dataset says of an image', async () => {
    await importing(made('contradicted', 6))
    const other = made('contradicted', 6)
    const [row] = other.predictions
    if (row !== undefined) Object.assign(row, { referenceClass: 'lung-normal', patient: 'another patient' })
    await expect(importing(other)).rejects.toMatchObject({
      kind: 'UNPROCESSABLE',
      code: 'REFERENCE_MISMATCH',
      message: expect.stringContaining('lung-covid/0.png'),
      details: {
        count: 2,
        faults: [
          { path: 'predictions.0.referenceClass', code: 'REFERENCE_MISMATCH' },
          { path: 'predictions.0.patient', code: 'PATIENT_MISMATCH' },
        ],
      },
    })
  })
})

describe('importing into a dataset whose images lie here', () => {
  const imagesOf = (dataset: string) =>
    listDatasetImages(harness, { dataset, sort: 'key', after: null, take: 100 })
  const predict = (dataset: string, keys: readonly string[]): ImportedPredictions => ({
    modelVersion: { name: 'elsewhere', findingClasses: CLASSES },
    dataset,
    predictions: keys.map((imageKey) => ({
      imageKey,
      referenceClass: imageKey.split('/')[0] as string,
      probabilities: [0.6, 0.3, 0.1],
    })),
  })

  test('joins them by key, and counts what it says nothing of as errors', async () => {
    await harness.makeDataset('scanned', 6)
    await expect(importing(predict('scanned', ['lung-covid/000000.png']))).rejects.toMatchObject({
      kind: 'CONFLICT',
      code: 'NOT_SCANNED',
    })
    const { id: snapshotId } = await harness.datasets.scan('scanned')
    const keys = (await imagesOf('scanned')).rows.map(({ key }) => key)
    const { evaluationRunId } = await importing(predict('scanned', keys.slice(1)))
    expect(await harness.get(evaluationRunId)).toMatchObject({
      snapshotId,
      progress: { done: 6, errors: 1, total: 6 },
      accuracy: { n: 5 },
    })
    const errors = await listPredictions(harness, { id: evaluationRunId, status: 'error', take: 10 })
    expect(errors).toMatchObject([{ imageKey: keys[0], code: 'NOT_PREDICTED' }])
    const { curves: _, ...renewed } = await renewResult(harness.db, await getRun(harness.db, evaluationRunId))
    expect(await getEvaluationMetrics(harness, { id: evaluationRunId })).toEqual(renewed)
  })

  test('leaves out images of classes that the version does not know', async () => {
    await harness.datasets.register('wider', {
      'lung-covid/a.png': numberedImage(1),
      'lung-tb/b.png': numberedImage(2),
    })
    await harness.datasets.scan('wider')
    const { evaluationRunId } = await importing(predict('wider', ['lung-covid/a.png']))
    expect(await harness.get(evaluationRunId)).toMatchObject({
      excluded: 1,
      allowUnknownClasses: true,
      progress: { total: 1, errors: 0 },
    })
  })

  test('refuses images that it does not have', async () => {
    await harness.makeDataset('closed', 3)
    await harness.datasets.scan('closed')
    await expect(importing(predict('closed', ['lung-covid/nowhere.png']))).rejects.toMatchObject({
      code: 'UNKNOWN_IMAGE',
      details: { count: 1, faults: [{ path: 'predictions.0.imageKey', imageKey: 'lung-covid/nowhere.png' }] },
    })
  })
})

describe('importing for a folder with an exact copy in it', () => {
  const CERTAIN = [0.8, 0.1, 0.1]
  const into = (dataset: string, rows: Record<string, number[]>): ImportedPredictions => ({
    modelVersion: { name: 'elsewhere', findingClasses: [...CLASSES] },
    dataset,
    predictions: Object.entries(rows).map(([file, probabilities]) => ({
      imageKey: `lung-covid/${file}`,
      referenceClass: 'lung-covid',
      probabilities,
    })),
  })
  const register = async (name: string): Promise<void> => {
    const files = { 'lung-covid/a.png': numberedImage(1), 'lung-covid/b.png': numberedImage(2) }
    await harness.datasets.register(name, { ...files, 'lung-covid/a copy.png': numberedImage(1) })
    await harness.datasets.scan(name)
  }

  test('takes a row for the copy as one for the image that was kept', async () => {
    await register('copies')
    const rows = { 'a.png': CERTAIN, 'a copy.png': CERTAIN, 'b.png': CERTAIN }
    for (const given of [
      rows,
      { 'a.png': CERTAIN, 'b.png': CERTAIN },
      { 'b.png': CERTAIN, 'a copy.png': CERTAIN },
    ]) {
      const { evaluationRunId } = await importing(into('copies', given))
      expect(await harness.get(evaluationRunId)).toMatchObject({ progress: { done: 2, errors: 0, total: 2 } })
    }
  })

  test('names the copy where its row says otherwise', async () => {
    await register('contradicting')
    for (const given of [
      { 'a.png': CERTAIN, 'a copy.png': [0.1, 0.8, 0.1] },
      { 'a copy.png': CERTAIN, 'a.png': [0.1, 0.8, 0.1] },
    ])
      await expect(importing(into('contradicting', given))).rejects.toMatchObject({
        code: 'CONTRADICTION',
        message: expect.stringMatching(
          /"lung-covid\/a\.png" is a copy of "lung-covid\/a copy\.png"|"lung-covid\/a copy\.png" is a copy of "lung-covid\/a\.png"/,
        ),
      })
    await expect(importing(into('contradicting', { 'c.png': CERTAIN }))).rejects.toMatchObject({
      code: 'UNKNOWN_IMAGE',
    })
  })
})

test('an import of more rows than one statement takes keeps them all, in their order', async () => {
  const input = made('many', 12_001)
  const { evaluationRunId } = await importing(input)
  expect(await harness.get(evaluationRunId)).toMatchObject({
    progress: { done: 12_001, errors: 0, total: 12_001 },
  })
  const stored = await listPredictions(harness, { id: evaluationRunId, take: 500 })
  expect(stored).toHaveLength(500)
  for (const row of stored) {
    const given = input.predictions.find(({ imageKey }) => imageKey === row.imageKey)
    expect(row.probabilities).toEqual(given?.probabilities)
  }
})

describe('what an import may hold', () => {
  const withFirst = (change: object) => {
    const input = made('values', 2)
    Object.assign(input.predictions[0] ?? {}, change)
    return importedPredictionsSchema.safeParse(input)
  }

  test('is probabilities with the noise of float32, cut off', () => {
    const parsed = withFirst({ probabilities: [1.0000002, -1.1920929e-7, 0] })
    expect(parsed.data?.predictions[0]?.probabilities).toEqual([1, 0, 0])
    for (const value of [1.00001, -0.00001, Number.NaN, Number.POSITIVE_INFINITY])
      expect(withFirst({ probabilities: [value, 0, 0] }).success, String(value)).toBe(false)
  })

  test.each([
    ['an image', { imageKey: 'lung-covid/R\ufffdntgen.png' }],
    ['a reference class', { referenceClass: 'L\ufffdsion' }],
    ['a patient', { patient: 'M\ufffdller' }],
  ])('is no name of %s in which a character was lost', (_what, change) => {
    expect(JSON.stringify(withFirst(change).error?.issues)).toContain('U+FFFD')
  })
})

describe('an import is refused', () => {
  const changed = (change: (input: ImportedPredictions) => void) => {
    const input = made('refused', 5)
    change(input)
    return input
  }
  const row = (input: ImportedPredictions, index: number) =>
    input.predictions[index] as ImportedPredictions['predictions'][number]

  test.each<[string, string, (input: ImportedPredictions) => void]>([
    [
      'whose probabilities do not sum to 1',
      'PROBABILITY_SUM',
      (input) => Object.assign(row(input, 2), { probabilities: [0.5, 0.5, 0.002] }),
    ],
    [
      'with too few probabilities',
      'PROBABILITY_COUNT',
      (input) => Object.assign(row(input, 1), { probabilities: [0.5, 0.5] }),
    ],
    [
      'with an image twice',
      'DUPLICATE_IMAGE',
      (input) => Object.assign(row(input, 3), { imageKey: row(input, 0).imageKey }),
    ],
    [
      'with a reference class that the version does not know',
      'UNKNOWN_CLASS',
      (input) => Object.assign(row(input, 0), { referenceClass: 'lung-tb' }),
    ],
    [
      'with a finding class twice',
      'DUPLICATE_CLASS',
      (input) => input.modelVersion.findingClasses.splice(1, 1, 'lung-covid'),
    ],
    [
      'into a dataset of a name that cannot be',
      'BAD_NAME',
      (input) => Object.assign(input, { dataset: 'a/b' }),
    ],
  ])('%s, and nothing is stored', async (_, code, change) => {
    const before = await harness.db.$count(modelVersions)
    await expect(importing(changed(change))).rejects.toMatchObject({ code })
    expect(await harness.db.$count(modelVersions)).toBe(before)
    await expect(getDataset(harness, { name: 'refused' })).rejects.toMatchObject({ kind: 'NOT_FOUND' })
  })

  test('naming the first rows at fault and how many there are', async () => {
    const input = made('refused', 50)
    for (const each of input.predictions) each.probabilities = [0.2, 0.2, 0.2]
    await expect(importing(input)).rejects.toMatchObject({
      message:
        'predictions.0.probabilities (image "lung-covid/0.png"): sums to 0.600000, not to 1 within 0.001. 49 more rows have faults.',
      details: { count: 50 },
    })
  })
})
