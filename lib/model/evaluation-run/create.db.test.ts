import { randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditEvents } from '#db/schema/audit.ts'
import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import { getEvaluationMetrics } from '#lib/model/evaluation-result/get-metrics.ts'
import { archiveModelVersion } from '#lib/model/registry/archive.ts'
import { createApiKey } from '#lib/platform/auth/create-api-key.ts'
import { numberedImage, openRunHarness, type RunHarness } from '#tests/support/test-runs.ts'
import { cancelEvaluationRun } from './cancel.ts'
import { createEvaluationRun } from './create.ts'
import { getEvaluationRun, listEvaluationRuns } from './queries.ts'
import type { CreateEvaluationRunInput } from './schema.ts'
import { runSortSchema } from './schema.ts'

let harness: RunHarness
beforeAll(async () => {
  harness = await openRunHarness()
})
afterAll(async () => {
  await harness.close()
})

const create = (input: CreateEvaluationRunInput) =>
  createEvaluationRun(harness.context(), harness.datasets.sources, input)

describe('creating a run', () => {
  test.each([
    ['nothing', [], /has no images in file:.*nothing\. There is no file\. Check the folder or prefix\./],
    ['system files', ['.DS_Store', 'a/Thumbs.db'], /There is no file/],
    ['files beside the classes', ['1.png', '2.png'], /beside the folders of the finding classes/],
    ['parts around the classes', ['train/a/1.png', 'test/a/1.png'], /below test, train/],
  ])('over %s names the cause and the way out', async (what, files, says) => {
    const name = what.replaceAll(' ', '-')
    await harness.datasets.register(name, Object.fromEntries(files.map((file) => [file, numberedImage(1)])))
    const input = { modelVersionId: await harness.makeVersion(), dataset: name }
    const refused = createEvaluationRun(harness.context(), harness.datasets.sources, input)
    await expect(refused).rejects.toMatchObject({
      code: 'EMPTY_DATASET',
      message: expect.stringMatching(says),
    })
  })

  test('queues it together with its scan and an audit event', async () => {
    await harness.makeDataset('created', 3)
    const modelVersionId = await harness.makeVersion()
    const { id } = await create({ modelVersionId, dataset: 'created' })
    expect(await harness.get(id)).toMatchObject({
      status: 'queued',
      dataset: 'created',
      modelVersionId,
      scan: { status: 'scanning' },
      progress: { done: 0, errors: 0, total: 0 },
      reused: null,
    })
    const events = await harness.db.select().from(auditEvents).where(eq(auditEvents.objectId, id))
    expect(events.map(({ action }) => action)).toEqual(['evaluation-run.create'])
    await cancelEvaluationRun(harness.context(), { id })
  })

  test('is refused for a class that the version does not know, unless asked for', async () => {
    await harness.datasets.register('unknown-class', {
      'lung-covid/a.png': numberedImage(1),
      'lung-tb/b.png': numberedImage(2),
      '__proto__/c.png': numberedImage(3),
    })
    const modelVersionId = await harness.makeVersion()
    await expect(create({ modelVersionId, dataset: 'unknown-class' })).rejects.toMatchObject({
      kind: 'UNPROCESSABLE',
      code: 'UNKNOWN_CLASS',
      details: { findingClasses: ['__proto__', 'lung-tb'] },
    })
    const { id } = await create({ modelVersionId, dataset: 'unknown-class', allowUnknownClasses: true })
    await harness.scanAll()
    const run = await harness.work(id)
    expect(run).toMatchObject({ status: 'succeeded', excluded: 2, progress: { done: 1, total: 1 } })
    expect(await getEvaluationMetrics(harness, { id })).toMatchObject({
      n: 1,
      excluded: 2,
      classesPresent: 1,
    })
  })

  test('whose unknown class shows only in the scan fails before any image is asked', async () => {
    await harness.makeDataset('late-class', 3)
    const { id } = await create({ modelVersionId: await harness.makeVersion(), dataset: 'late-class' })
    await harness.datasets.write('late-class', { 'lung-tb/x.png': numberedImage(50) })
    await harness.scanAll()
    harness.evaluator.forget()
    const run = await harness.work(id)
    expect(run).toMatchObject({ status: 'failed', reasonCode: 'UNKNOWN_CLASS' })
    expect(run.reason).toContain('"lung-tb"')
    expect(harness.evaluator.asked).toEqual([])
  })

  test('of images of which none has a known class is refused or fails', async () => {
    await harness.datasets.register('empty', { 'readme.txt': Buffer.from('nothing here') })
    const modelVersionId = await harness.makeVersion()
    await expect(create({ modelVersionId, dataset: 'empty' })).rejects.toMatchObject({
      kind: 'UNPROCESSABLE',
      code: 'EMPTY_DATASET',
    })
    await harness.datasets.register('only-others', { 'lung-tb/a.png': numberedImage(1) })
    const { id } = await create({ modelVersionId, dataset: 'only-others', allowUnknownClasses: true })
    await harness.scanAll()
    expect(await harness.work(id)).toMatchObject({ status: 'failed', reasonCode: 'EMPTY_DATASET' })
  })

  test('needs a dataset and a version that are there', async () => {
    const modelVersionId = await harness.makeVersion()
    await harness.makeDataset('there', 1)
    await expect(create({ modelVersionId, dataset: 'not-there' })).rejects.toMatchObject({
      kind: 'NOT_FOUND',
    })
    await expect(create({ modelVersionId: randomUUID(), dataset: 'there' })).rejects.toMatchObject({
      kind: 'NOT_FOUND',
    })
    await archiveModelVersion(harness.context(), { id: modelVersionId })
    await expect(create({ modelVersionId, dataset: 'there' })).rejects.toMatchObject({ kind: 'NOT_FOUND' })
  })

  test('whose scan fails ends with the scan’s reason', async () => {
    await harness.datasets.register('conflict', {
      'lung-covid/a.png': numberedImage(1),
      'lung-normal/a.png': numberedImage(1),
    })
    const id = await harness.startRun(await harness.makeVersion(), 'conflict')
    expect(await harness.work(id)).toMatchObject({ status: 'failed', reasonCode: 'LABEL_CONFLICT' })
  })
})

test('a version is not archived while a run uses it', async () => {
  await harness.makeDataset('in-use', 1)
  const modelVersionId = await harness.makeVersion()
  const { id } = await create({ modelVersionId, dataset: 'in-use' })
  await expect(archiveModelVersion(harness.context(), { id: modelVersionId })).rejects.toMatchObject({
    kind: 'CONFLICT',
    code: 'MODEL_VERSION_IN_USE',
  })
  await cancelEvaluationRun(harness.context(), { id })
  await archiveModelVersion(harness.context(), { id: modelVersionId })
})

test.each(runSortSchema.options)('runs are listed in the order %s, page by page, each once', async (sort) => {
  const all = await listEvaluationRuns(harness, { sort, after: null, take: 500 })
  expect(all.length).toBe(await harness.db.$count(evaluationRuns))
  const paged: typeof all = []
  for (let page = all.slice(0, 0); ; ) {
    page = await listEvaluationRuns(harness, { sort, after: paged.at(-1) ?? null, take: 2 })
    paged.push(...page)
    if (page.length < 2) break
  }
  const stable = (runs: typeof all) => runs.map(({ timings: _moves, ...run }) => run)
  expect(stable(paged)).toEqual(stable(all))
  const rank = ({ createdAt, accuracy }: (typeof all)[number]) =>
    sort.startsWith('created') ? createdAt.getTime() : (accuracy?.value ?? null)
  const ranks = all.map(rank).filter((value) => value !== null)
  const ascending = ranks.toSorted((a, b) => a - b)
  expect(ranks).toEqual(sort.endsWith('asc') ? ascending : ascending.reverse())
  expect(all.slice(ranks.length).every(({ accuracy }) => accuracy === null)).toBe(true)
  for (const { status, accuracy, versionLabel, modelVersion, createdByName } of all) {
    expect(accuracy !== null).toBe(status === 'succeeded')
    expect(versionLabel).toBe(`${modelVersion.name} v${modelVersion.number}`)
    expect(createdByName).toBe('test')
  }
  const failed = await listEvaluationRuns(harness, { status: 'failed', after: null, take: 500 })
  expect(failed.length).toBeGreaterThan(0)
  expect(failed.every(({ status }) => status === 'failed')).toBe(true)
})

test('a run that a key started names it as a key, whatever it is called', async () => {
  const { apiKey } = await createApiKey(harness.context(), { name: 'Dr Grace', roles: ['ml-lead'] })
  await harness.makeDataset('by-key', 1)
  const { id } = await create({ modelVersionId: await harness.makeVersion(), dataset: 'by-key' })
  await harness.db.update(evaluationRuns).set({ createdBy: apiKey.id }).where(eq(evaluationRuns.id, id))
  const run = await getEvaluationRun(harness, { id })
  expect(run.createdByName).toBe(`API key “Dr Grace” (${apiKey.hint}…)`)
})
