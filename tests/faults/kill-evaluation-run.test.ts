import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openDatabase } from '#db/client.ts'
import { makePng } from '#lib/dataset/test-images.ts'
import { type ApiClient, apiClient } from '#tests/support/api-client.ts'
import { checkInvariants } from '#tests/support/check-invariants.ts'
import { startEmbeddedDatabase } from '#tests/support/embedded-database.ts'
import { type Instance, type ProcessName, startInstance } from '#tests/support/instance.ts'
import { readTestModel, testModelCard } from '#tests/support/test-models.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

/** Many more points, with the processes alone: lib/evaluation-run/kill.process.test.ts. Here under the supervisor. */
const VICTIMS: ProcessName[] = ['evaluator', 'web', 'database', 'database', 'evaluator']
const IMAGES = 2500
const CLASSES = testModelCard().findingClasses

let work: string
let dataDir: string
let instance: Instance
let api: ApiClient

beforeAll(async () => {
  work = mkdtempSync(path.join(tmpdir(), 'sr-kill-run-'))
  dataDir = path.join(work, 'data')
  for (let number = 0; number < IMAGES; number++) {
    const folder = path.join(work, 'many', CLASSES[number % CLASSES.length] ?? '')
    mkdirSync(folder, { recursive: true })
    const image = makePng({ width: 64, height: 64, shade: number % 256, note: `image ${number}` })
    writeFileSync(path.join(folder, `${number}.png`), image)
  }
  instance = await startInstance({ dataDir, env: { DATASET_ROOTS: work } })
  api = apiClient(instance.url, instance.apiKey)
})
afterAll(async () => {
  await instance?.stop()
  rmSync(work, { recursive: true, force: true })
})

/** A run of its own predictions: another mean is another preprocessing. */
async function startRun(number: number): Promise<string> {
  const form = new FormData()
  form.set('model', new Blob([Uint8Array.from((await readTestModel('valid')).bytes)]), 'model.onnx')
  form.set('card', JSON.stringify(testModelCard({ preprocessing: { mean: [0.5 + number / 100] } })))
  const version = await api.upload('/api/model-versions', form)
  expect(version.status, version.text).toBe(201)
  const run = await api.post('/api/evaluation-runs', { modelVersionId: version.body.id, dataset: 'many' })
  expect(run.status, run.text).toBe(201)
  return run.body.id
}

/** Undefined while web or the database is away. */
async function look(id: string) {
  const reply = await api.get(`/api/evaluation-runs/${id}`).catch(() => null)
  return reply?.status === 200 ? reply.body : undefined
}

const isHealthy = async () => {
  const response = await fetch(`${instance.url}/api/health`).catch(() => null)
  return response !== null && ((await response.json()) as { status: string }).status === 'ok'
}

it('ends with every image counted once whichever process of the instance is killed', async () => {
  expect((await api.post('/api/datasets', { name: 'many', location: `file:${work}/many` })).status).toBe(201)
  const runs: string[] = []
  for (const [kill, victim] of VICTIMS.entries()) {
    const id = await startRun(kill)
    runs.push(id)
    await waitUntil('the run is at work', async () => (await look(id))?.progress.done > 50)
    await sleep(Math.random() * 300)
    const before = instance.pid(victim)
    instance.kill(victim)
    await waitUntil(`${victim} runs again`, () => instance.pid(victim) !== before)
    await waitUntil('the instance is healthy', isHealthy)
    // After web's death the run waits until its lease of 30 seconds is over.
    await waitUntil('the run has ended', async () => (await look(id))?.finishedAt != null, 90_000)
    expect(await look(id)).toMatchObject({
      status: 'succeeded',
      progress: { done: IMAGES, errors: 0, total: IMAGES },
      reused: 0,
    })
  }
  await instance.stop()
  const embedded = await startEmbeddedDatabase(dataDir)
  const { db, close } = openDatabase(embedded.url)
  try {
    await checkInvariants(db, { settled: true })
  } finally {
    await close()
    await embedded.stop()
  }
})
