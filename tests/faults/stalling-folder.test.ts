import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ApiClient, apiClient } from '#tests/support/api-client.ts'
import { EvaluatorProcess } from '#tests/support/evaluator-process.ts'
import { type Instance, startInstance } from '#tests/support/instance.ts'
import { lookAtRun, startRun, writeImages } from '#tests/support/instance-runs.ts'
import { canMount, mountStallingFolder, type StallingFolder } from '#tests/support/stalling-folder.ts'
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

const describeMounted = describe.skipIf(!canMount)

beforeAll(async () => {
  if (!canMount) return
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
  api = apiClient(instance.url, instance.apiKey)
  for (const name of ['share', 'local'])
    expect((await api.post('/api/datasets', { name, location: `file:${work}/${name}` })).status).toBe(201)
  for (const [number, name] of ['share', 'local'].entries())
    expect(await api.finishedRun(await startRun(api, name, number))).toMatchObject({ status: 'succeeded' })
  versionId = (await api.get('/api/model-versions')).body.items[0].id
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
  return (await api.get(`/api/datasets/${dataset}/images?limit=1`)).body.items[0].id
}

const launch = (dataset: string) => api.post('/api/evaluation-runs', { modelVersionId: versionId, dataset })

const show = async (id: number) => (await api.get(`/api/images/${id}/content?size=full`)).status

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const begun = performance.now()
  return { value: await work(), ms: performance.now() - begun }
}

/** What does not need the share, one after the other, with its status and time. */
async function callOthers(localImage: number): Promise<Record<string, { value: number; ms: number }>> {
  const page = async () => (await fetch(`${instance.url}/login`)).status
  return {
    metrics: await timed(async () => (await api.get('/metrics')).status),
    page: await timed(page),
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

describeMounted('a share whose reads hang', () => {
  it('lets a run wait, which goes on by itself, and holds up no other call', async () => {
    const [shared, local] = [await firstImage('share'), await firstImage('local')]
    await expectPrompt(local)
    share.stall('read')
    const id = await startRun(api, 'share', 2)
    const shown = Array.from({ length: 10 }, () => timed(() => show(shared)))
    const beside = await timed(() => launch('local'))
    expect(beside.value.status).toBe(201)
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
    expect(await api.finishedRun(id)).toMatchObject({
      status: 'succeeded',
      progress: { done: IMAGES, errors: 0, total: IMAGES },
    })
    await waitUntil('its images are shown again', async () => (await show(shared)) === 200)
  })
})

describeMounted('a share whose listings hang', () => {
  it('answers 503 by name within the limit, then at once, and a scan waits for it', async () => {
    const local = await firstImage('local')
    share.stall('readdir')
    const { status, body } = await api.post('/api/datasets/share/snapshots', {})
    expect(status).toBe(202)
    const first = await timed(() => launch('share'))
    expect(first.ms).toBeLessThan(LIMIT_MS)
    expect(first.value).toMatchObject({
      status: 503,
      body: { error: { code: 'STORE_AWAY', message: expect.stringContaining(`${work}/share`) } },
    })
    const snapshot = async () => (await api.get(`/api/datasets/share/snapshots/${body.id}`)).body
    await waitUntil('the scan says why it waits', async () => {
      await expectPrompt(local)
      return (await snapshot()).failureCode === 'STORE_AWAY'
    })
    share.letGo()
    await waitUntil('the scan has ended', async () => (await snapshot()).status === 'ready')
    await waitUntil('runs can be launched', async () => (await launch('share')).status === 201)
  })
})

describeMounted('an object store whose share hangs', () => {
  it('does not hold the start, which names the setting', async () => {
    share.stall('readdir')
    const store = `file:${share.folder}/${CLASSES[0]}`
    const start = spawn(process.execPath, ['scripts/migrate.ts'], {
      env: {
        ...process.env,
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
