import { afterAll, beforeAll, expect, test } from 'vitest'
import { numberedImage, openRunHarness, type RunHarness, TEST_CLASSES } from '#tests/support/test-runs.ts'
import { checkLeakage } from './check-leakage.ts'

let harness: RunHarness
const check = (id: string) => checkLeakage(harness.context(), { id })
const [covid = '', normal = ''] = TEST_CLASSES

beforeAll(async () => {
  harness = await openRunHarness()
  const register = (name: string, files: Record<string, Uint8Array>) =>
    harness.datasets.register(name, files, { patientPattern: '^(p\\d+)-' })
  await register('trained', {
    [`${covid}/p1-a.png`]: numberedImage(1),
    [`${covid}/p2-a.png`]: numberedImage(2),
    [`${normal}/p3-a.png`]: numberedImage(3),
  })
  await register('judged', {
    [`${covid}/p9-copy.png`]: numberedImage(2), // the bytes of p2-a, of another patient by name
    [`${covid}/p1-b.png`]: numberedImage(10),
    [`${normal}/p1-c.png`]: numberedImage(11),
    [`${normal}/p7-a.png`]: numberedImage(12),
  })
})
afterAll(() => harness.close())

async function evaluate(snapshots: string[]): Promise<string> {
  const version = await harness.makeVersion({
    lineage: { parent: null, trainingRun: null, snapshots, codeVersion: null },
  })
  const run = await harness.startRun(version, 'judged')
  await harness.work(run)
  return run
}

test('counts images and patients that were trained on', async () => {
  const scanned = await harness.startRun(await harness.makeVersion(), 'trained')
  await harness.work(scanned)
  const { snapshotId } = await harness.get(scanned)
  const leakage = await check(await evaluate(['trained']))
  expect(leakage).toMatchObject({
    trainedOn: [{ name: 'trained', dataset: 'trained', snapshotId }],
    images: 4,
    sharedImages: 1,
    sharedPatients: 1,
    imagesOfSharedPatients: 2,
    knowsContents: true,
    knowsPatients: true,
    examples: [{ imageKey: `${covid}/p9-copy.png` }],
  })
  expect(await check(await evaluate([snapshotId]))).toMatchObject({ sharedImages: 1, sharedPatients: 1 })
})

test('says of what is not here that it is not, and of nothing that nothing is known', async () => {
  const nowhere = '00000000-0000-4000-8000-000000000000'
  expect(await check(await evaluate(['elsewhere', nowhere]))).toMatchObject({
    trainedOn: [
      { name: 'elsewhere', dataset: null, snapshotId: null },
      { name: nowhere, dataset: null, snapshotId: null },
    ],
    sharedImages: 0,
    knowsContents: false,
    knowsPatients: false,
    examples: [],
  })
  expect(await check(await evaluate([]))).toMatchObject({ trainedOn: [], images: 4, sharedPatients: 0 })
})
