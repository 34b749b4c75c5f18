import path from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { predictionUsage } from '#db/schema/usage.ts'
import { ImageRenderer } from '#lib/imaging/decoding/render-image.ts'
import { confusionsOf } from '#lib/model/evaluation-result/class-track-record.ts'
import { getEvaluationMetrics } from '#lib/model/evaluation-result/get-metrics.ts'
import { tryImage } from '#lib/model/prediction/try-image.ts'
import { plainPng } from '#tests/support/hostile-images.ts'
import { openRunHarness, type RunHarness, TEST_CLASSES } from '#tests/support/test-runs.ts'
import { archiveModelVersion } from './archive.ts'
import { listVersionEvaluations } from './evaluations.ts'
import { openModelFile } from './model-file.ts'
import { getModelVersion, listModelVersions } from './queries.ts'

let harness: RunHarness
let [version, finalRun, otherRun] = ['', '', '']
const renderer = new ImageRenderer({
  root: path.resolve('.'),
  size: 1,
  environment: { PATH: process.env.PATH ?? '' },
})

beforeAll(async () => {
  harness = await openRunHarness()
  await harness.makeDataset('final_eval', 12)
  await harness.makeDataset('test', 6)
  version = await harness.makeVersion({ name: 'Lunge / ä' })
  await harness.work(await harness.startRun(version, 'final_eval'))
  finalRun = (await harness.work(await harness.startRun(version, 'final_eval'))).id
  otherRun = (await harness.work(await harness.startRun(version, 'test'))).id
})
afterAll(async () => {
  await renderer.close()
  await harness.close()
})

describe('a model version', () => {
  test('shows its label, its evaluations and the latest of each dataset, alone and in the list', async () => {
    const { intervals } = await getEvaluationMetrics(harness, { id: finalRun })
    const view = await getModelVersion(harness, { id: version })
    expect(view).toMatchObject({
      label: 'Lunge / ä v1',
      evaluations: 3,
      latestEvaluations: [
        { evaluationRunId: otherRun, dataset: 'test', n: 6 },
        { evaluationRunId: finalRun, dataset: 'final_eval', n: 12, accuracy: intervals.accuracy },
      ],
      finalEvaluation: { evaluationRunId: finalRun, errors: 0 },
      admission: { deterministic: true, dryRunMilliseconds: 10, model: null },
    })
    const fresh = await harness.makeVersion()
    const listed = await listModelVersions(harness, { after: null, take: 10 })
    expect(listed.map(({ id, evaluations }) => [id, evaluations])).toEqual([
      [fresh, 0],
      [version, 3],
    ])
    expect(listed[1]).toEqual(view)
    expect(listed[0]).toMatchObject({ latestEvaluations: [], finalEvaluation: null })
  })

  test('lists its evaluations page by page, the last one first, and those of one dataset', async () => {
    const list = (input: { dataset?: string; after?: { finishedAt: Date; id: string } }) =>
      listVersionEvaluations(harness, { modelVersionId: version, after: null, take: 10, ...input })
    const all = await list({})
    expect(all.map(({ dataset }) => dataset)).toEqual(['test', 'final_eval', 'final_eval'])
    expect((await list({ dataset: 'final_eval' })).map(({ n }) => n)).toEqual([12, 12])
    const [first] = all
    if (first === undefined) throw new Error('No evaluation is listed.')
    const after = { finishedAt: first.finishedAt, id: first.evaluationRunId }
    expect(await list({ after })).toEqual(all.slice(1))
  })

  test('gives out the bytes that were uploaded, under a name that every file system takes', async () => {
    const { objectStore } = harness.datasets.sources
    const file = await openModelFile(harness, objectStore, { id: version })
    const bytes = Buffer.from(await new Response(file.stream()).arrayBuffer())
    expect(file).toMatchObject({ filename: 'Lunge-v1.onnx', sizeBytes: bytes.length })
    expect(bytes).toEqual(await objectStore.get(`models/${file.sha256}.onnx`))
    await objectStore.delete(`models/${file.sha256}.onnx`)
    await expect(openModelFile(harness, objectStore, { id: version })).rejects.toMatchObject({
      code: 'MODEL_FILE_MISSING',
    })
    await objectStore.put(`models/${file.sha256}.onnx`, bytes)
  })

  test('is not archived while runs wait for it, and the refusal names them', async () => {
    const busy = await harness.makeVersion({ name: 'busy' })
    const run = await harness.startRun(busy, 'test')
    await expect(archiveModelVersion(harness.context(), { id: busy })).rejects.toMatchObject({
      code: 'MODEL_VERSION_IN_USE',
      details: {
        evaluationRuns: 1,
        blockedBy: [
          { kind: 'evaluation-run', id: run, status: 'queued', dataset: 'test', modelVersion: 'busy v1' },
        ],
      },
    })
    await harness.work(run)
  })
})

describe('tryImage', () => {
  const tryBytes = (bytes: Buffer, filename = 'chest.png', modelVersionId = version) =>
    tryImage(
      harness.context(),
      { evaluators: [harness.evaluator.address], renderer },
      { modelVersionId, bytes, filename },
    )

  test('gives the prediction, what the model sees, and what is known about the class', async () => {
    const tried = await tryBytes(plainPng(100, 90, 77), 'chest.jpg')
    const { intervals, confusion } = await getEvaluationMetrics(harness, { id: finalRun })
    expect(tried).toMatchObject({
      modelVersionId: version,
      findingClasses: TEST_CLASSES,
      modelInput: { width: 64, height: 64, channels: 1, png: expect.stringMatching(/^iVBORw0KGgo/) },
      image: {
        ...{ width: 100, height: 90, format: 'png' },
        warnings: ['Its name ends in .jpg, but it is a PNG.'],
      },
      knownAboutClass: {
        findingClass: tried.predictedClass,
        dataset: 'final_eval',
        evaluationRunId: finalRun,
        n: 4,
        sensitivity: intervals.findingClasses[tried.predictedClass]?.accuracy,
        ppv: intervals.findingClasses[tried.predictedClass]?.ppv,
        mostConfusedWith: confusionsOf(confusion, tried.predictedClass),
      },
    })
    expect(tried.probabilities).toHaveLength(3)
    expect(
      await harness.db.select().from(predictionUsage).where(eq(predictionUsage.modelVersionId, version)),
    ).toMatchObject([{ count: 1, actorId: 'test' }])
  })

  test('knows nothing about a class of a version without evaluations', async () => {
    const fresh = await harness.makeVersion()
    expect(await tryBytes(plainPng(64, 64, 5), 'a.png', fresh)).toMatchObject({ knownAboutClass: null })
  })

  test.each([
    [422, 'MODEL_OOM', { kind: 'CONFLICT' }],
    [413, 'MODEL_TOO_LARGE', { kind: 'CONFLICT' }],
    [404, 'MODEL_NOT_FOUND', { kind: 'CONFLICT' }],
    [503, 'UNAVAILABLE', { kind: 'UNAVAILABLE' }],
    [507, 'DISK_FULL', { kind: 'UNAVAILABLE' }],
  ])('tells to try again only where that may help: %i %s', async (status, code, answer) => {
    harness.evaluator.refusal = { status, code, message: 'The model is not admitted: too large.' }
    const tried = tryBytes(plainPng(64, 64, 5), 'a.png')
    const again = answer.kind === 'UNAVAILABLE'
    await expect(tried).rejects.toMatchObject({
      ...answer,
      code: again ? 'EVALUATOR_AWAY' : code,
      message: again ? expect.stringContaining('try again') : expect.not.stringContaining('try again'),
    })
    harness.evaluator.refusal = null
  })

  test('refuses what is no image by the code of /predict/', async () => {
    await expect(tryBytes(Buffer.from('no image'))).rejects.toMatchObject({
      kind: 'UNSUPPORTED_MEDIA_TYPE',
      code: 'UNSUPPORTED_IMAGE',
    })
    await expect(tryBytes(Buffer.alloc(0))).rejects.toMatchObject({ code: 'EMPTY_FILE' })
  })
})

test('confusions are the other references of what was predicted as the class', () => {
  const confusion = {
    classes: ['a', 'b', 'c', 'd', 'e'],
    counts: [
      [6, 1, 0, 0, 0],
      [3, 9, 0, 0, 0],
      [0, 0, 5, 0, 0],
      [1, 0, 0, 4, 0],
      [2, 0, 0, 0, 3],
    ],
  }
  expect(confusionsOf(confusion, 'a')).toEqual([
    { findingClass: 'b', count: 3, share: 0.25 },
    { findingClass: 'e', count: 2, share: 2 / 12 },
    { findingClass: 'd', count: 1, share: 1 / 12 },
  ])
  expect(confusionsOf(confusion, 'c')).toEqual([])
})
