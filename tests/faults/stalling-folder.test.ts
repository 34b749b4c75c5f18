import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ApiClient, dataOf } from '#lib/delivery/client/api-client.ts'
import { EvaluatorProcess } from '#tests/support/evaluator-process.ts'
import { type Instance, startInstance } from '#tests/support/instance.ts'
import { lookAtRun, startRun, writeImages } from '#tests/support/instance-runs.ts'
import { present } from '#tests/support/present.ts'
import { finishedRun, launchRun, registerFolder, serviceApi } from '#tests/support/service-api.ts'
import { mountStallingFolder, type StallingFolder } from '#tests/support/stalling-folder.ts'
import { makePng } from '#tests/support/test-images.ts'
import { testModelCard } from '#tests/support/test-models.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

const IMAGES = 30
/** Far above what each call takes, far below what a call takes that waits for the share. */
const PROMPT_MS = 4_000
/** A call that has to look into the folder gives up after 10 s. */
const LIMIT_MS = 20_000
const CLASSES = testModelCard().findingClasses

let work: string
let share: StallingFolder
let instance: Instance
let api: ApiClient
let versionId: string

beforeAll(async () => {
  work = mkdtempSync(path.join(tmpdir(), 'sr-stalling-'))
  const behind = path.join(work, 'behind')
  for (const findingClass of CLASSES) {
    mkdirSync(path.join(behind, findingClass), { recursive: true })
    for (let number = 0; number < IMAGES / CLASSES.length; number++)
      writeFileSync(
        path.join(behind, findingClass, `stall-${number}.png`),
        makePng({ width: 64, height: 64, shade: number, note: `${findingClass} ${number}` }),
      )
  }
  writeImages(path.join(work, 'local'), IMAGES)
  share = await mountStallingFolder(behind, path.join(work, 'share'))
  instance = await startInstance({ env: { DATASET_ROOTS: work } })
  api = serviceApi(instance)
  for (const name of ['share', 'local']) await registerFolder(api, name, `${work}/${name}`)
  for (const [number, name] of ['share', 'local'].entries())
    expect(await finishedRun(api, await startRun(api, name, number))).toMatchObject({ status: 'succeeded' })
  versionId = present((await dataOf(api.GET('/api/model-versions'))).items[0]).id
  await callOthers(await firstImage('local')) // what is asked for first takes longer
})
afterEach(() => share?.letGo())
afterAll(async () => {
  await instance?.stop()
  await share?.unmount()
  if (work !== undefined) rmSync(work, { recursive: true, force: true })
})

async function predict(): Promise<number> {
  const form = new FormData()
  form.set('file', new Blob([Uint8Array.from(makePng({ shade: 9 }))]), 'a.png')
  return (await fetch(`${instance.url}/predict/`, { method: 'POST', body: form })).status
}

async function firstImage(dataset: string): Promise<number> {
  const params = { path: { name: dataset }, query: { limit: 1 } }
  const { items } = await dataOf(api.GET('/api/datasets/{name}/images', { params }))
  return present(items[0]).id
}

const launch = (dataset: string) => launchRun(api, versionId, dataset)

/** With the key, whatever the status. */
async function statusOf(address: string): Promise<number> {
  const headers = { Authorization: `Bearer ${instance.apiKey}` }
  const reply = await fetch(`${instance.url}${address}`, { headers })
  await reply.arrayBuffer()
  return reply.status
}

const show = (id: number) => statusOf(`/api/images/${id}/content?size=full`)

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const begun = performance.now()
  return { value: await work(), ms: performance.now() - begun }
}

/** What does not need the share, one after the other, with its status and time. */
async function callOthers(localImage: number): Promise<Record<string, { value: number; ms: number }>> {
  return {
    metrics: await timed(() => statusOf('/metrics')),
    page: await timed(async () => (await fetch(`${instance.url}/login`)).status),
    predict: await timed(predict),
    image: await timed(() => show(localImage)),
  }
}

async function expectPrompt(localImage: number): Promise<void> {
  for (const [what, { value, ms }] of Object.entries(await callOthers(localImage))) {
    expect(value, what).toBe(200)
    expect(ms, what).toBeLessThan(PROMPT_MS)
  }
}

describe('a share whose reads hang', () => {
  it('lets a run wait, which goes on by itself, and holds up no other call', async () => {
    const [shared, local] = [await firstImage('share'), await firstImage('local')]
    await expectPrompt(local)
    share.stall('read')
    const id = await startRun(api, 'share', 2)
    const shown = Array.from({ length: 10 }, () => timed(() => show(shared)))
    const beside = await timed(() => launch('local'))
    expect(beside.ms).toBeLessThan(PROMPT_MS)
    await waitUntil(
      'the run says why it waits',
      async () => {
        await expectPrompt(local)
        return String((await lookAtRun(api, id))?.reason).includes('did not answer')
      },
      150_000,
    )
    for (const { value, ms } of await Promise.all(shown)) {
      expect(value).toBe(503)
      expect(ms).toBeLessThan(LIMIT_MS)
    }
    expect(await lookAtRun(api, id)).toMatchObject({ status: 'running', progress: { errors: 0 } })
    share.letGo()
    expect(await finishedRun(api, id)).toMatchObject({
      status: 'succeeded',
      progress: { done: IMAGES, errors: 0, total: IMAGES },
    })
    await waitUntil('its images are shown again', async () => (await show(shared)) === 200)
  })
})

describe('a share whose listings hang', () => {
  it('answers 503 by name within the limit, then at once, and a scan waits for it', async () => {
    const local = await firstImage('local')
    share.stall('readdir')
    const byName = { path: { name: 'share' } }
    const { id } = await dataOf(
      api.POST('/api/datasets/{name}/snapshots', { params: byName, body: undefined }),
    )
    const first = await timed(() => launch('share').catch((refusal: unknown) => refusal))
    expect(first.ms).toBeLessThan(LIMIT_MS)
    expect(first.value).toMatchObject({
      status: 503,
      code: 'STORE_AWAY',
      message: expect.stringContaining(`${work}/share`),
    })
    const params = { path: { name: 'share', id } }
    const snapshot = () => dataOf(api.GET('/api/datasets/{name}/snapshots/{id}', { params }))
    await waitUntil('the scan says why it waits', async () => {
      await expectPrompt(local)
      return (await snapshot()).failureCode === 'STORE_AWAY'
    })
    share.letGo()
    await waitUntil('the scan has ended', async () => (await snapshot()).status === 'ready')
    await waitUntil('runs can be launched', () =>
      launch('share').then(
        () => true,
        () => false,
      ),
    )
  })
})

describe('an object store whose share hangs', () => {
  it('does not hold the start, which names the setting', async () => {
    share.stall('readdir')
    const store = `file:${share.folder}/${CLASSES[0]}`
    const { BASE_URL: _ofVitest, ...env } = process.env
    const start = spawn(process.execPath, ['scripts/migrate.ts'], {
      env: {
        ...env,
        DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
        DATA_DIR: work,
        OBJECT_STORE_URL: store,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    start.stderr.on('data', (text) => (said += text))
    await once(start, 'close')
    expect(said).toContain(`OBJECT_STORE_URL: ${store} does not answer`)
  })

  it('does not hold the admission of a model: 503 within the limit, then at once', async () => {
    const sha256 = 'a'.repeat(64)
    const models = path.join(work, 'behind', 'stall-store', 'models')
    mkdirSync(models, { recursive: true })
    writeFileSync(path.join(models, `${sha256}.onnx`), 'bytes')
    const store = path.join(share.folder, 'stall-store')
    const evaluator = await EvaluatorProcess.start({ OBJECT_STORE_URL: `file:${store}` })
    try {
      share.stall('read')
      const model = { sha256, card: testModelCard() }
      for (const limitMs of [LIMIT_MS, PROMPT_MS]) {
        const { value, ms } = await timed(() => evaluator.post('/admissions', { model }))
        expect([value.status, await value.text()]).toEqual([503, expect.stringContaining(store)])
        expect(ms).toBeLessThan(limitMs)
      }
    } finally {
      share.letGo()
      await evaluator.stop()
    }
  })
})
