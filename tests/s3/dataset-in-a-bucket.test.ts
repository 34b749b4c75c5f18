import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ApiClient, dataOf } from '#lib/delivery/client/api-client.ts'
import type { ObjectStore } from '#lib/platform/object-store/object-store.ts'
import { openObjectStore } from '#lib/platform/object-store/open.ts'
import { type Instance, startInstance } from '#tests/support/instance.ts'
import { collectObjects } from '#tests/support/object-store-contract.ts'
import {
  evaluate as evaluateRun,
  finishedRun,
  getMetrics,
  getRun,
  launchRun,
  modelFolderForm,
  serviceApi,
  uploadVersion,
} from '#tests/support/service-api.ts'
import { type SwiftServer, startSwift } from '#tests/support/swift-server.ts'
import { PYTHON } from '#tests/support/test-models.ts'
import { waitUntil } from '#tests/support/wait-until.ts'
import { AWKWARD_NAMES, makeImages, synthesise } from './make-images.ts'

type Evaluated = { run: Record<string, unknown>; metrics: unknown; predictions: unknown[] }

describe('a service whose object store is a bucket', () => {
  const work = mkdtempSync(path.join(tmpdir(), 'sr-bucket-'))
  const folder = path.join(work, 'images')
  const model = path.join(work, 'model')
  let images: Map<string, Buffer>
  let swift: SwiftServer
  let bucket: ObjectStore
  let own: ObjectStore
  let onFolder: Instance
  let onBucket: Instance
  let folderApi: ApiClient
  let api: ApiClient
  let folderVersion: string
  let version: string
  let inFolder: Evaluated

  const admit = async (client: ApiClient): Promise<string> =>
    (await uploadVersion(client, await modelFolderForm(model))).id
  const evaluate = async (client: ApiClient, modelVersionId: string, dataset: string) => {
    const run = await evaluateRun(client, modelVersionId, dataset)
    const params = { path: { id: run.id }, query: { limit: 500 } }
    const { items } = await dataOf(client.GET('/api/evaluation-runs/{id}/predictions', { params }))
    return { run, metrics: await getMetrics(client, run.id), predictions: items }
  }
  const register = (client: ApiClient, name: string, location?: string) =>
    client.POST('/api/datasets', { body: { name, ...(location && { location }) } })
  /** What a reader is shown of one class: the hash of each image's pixels, as they are sent. */
  const shownImages = async (instance: Instance, size: string): Promise<Record<string, string>> => {
    const params = { path: { name: 'chest' }, query: { findingClass: 'lung-covid', limit: 500 } }
    const { items } = await dataOf(serviceApi(instance).GET('/api/datasets/{name}/images', { params }))
    const show = async ({ id, key }: { id: number; key: string }) => {
      const response = await fetch(`${instance.url}/api/images/${id}/content?size=${size}`, {
        headers: { Authorization: `Bearer ${instance.apiKey}` },
      })
      expect(response.status, key).toBe(200)
      return [key, sha256(new Uint8Array(await response.arrayBuffer()))] as const
    }
    return Object.fromEntries(await Promise.all(items.map(show)))
  }

  const makeModel = () =>
    promisify(execFile)(PYTHON, [
      '-m',
      'second_reader_trainer.make_test_model',
      '--kind',
      'other-grey',
      '--out',
      model,
    ])
  const fillStores = async () => {
    images = await makeImages()
    for (const [key, bytes] of images) {
      mkdirSync(path.dirname(path.join(folder, key)), { recursive: true })
      writeFileSync(path.join(folder, key), bytes)
      await bucket.put(key, bytes)
    }
  }

  beforeAll(async () => {
    swift = await startSwift()
    Object.assign(process.env, swift.credentials)
    await swift.makeBucket('service')
    await swift.makeBucket('images')
    own = openObjectStore(swift.location('service/own'))
    bucket = openObjectStore(swift.location('images/chest'))
    const bucketSettings = { OBJECT_STORE_URL: swift.location('service/own'), ...swift.credentials }
    await Promise.all([
      makeModel(),
      fillStores(),
      startInstance({ env: { DATASET_ROOTS: work } }).then((started) => (onFolder = started)),
      startInstance({ env: bucketSettings }).then((started) => (onBucket = started)),
    ])
    folderApi = serviceApi(onFolder)
    api = serviceApi(onBucket)
    folderVersion = await admit(folderApi)
    await register(folderApi, 'chest', `file:${folder}`)
    inFolder = await evaluate(folderApi, folderVersion, 'chest')
  })
  afterAll(async () => {
    await Promise.all([onFolder?.stop(), onBucket?.stop(), own?.close(), bucket?.close()])
    await swift?.stop()
    rmSync(work, { recursive: true, force: true })
  })

  it('keeps its models there, and nothing on its own disk', async () => {
    version = await admit(api)
    const bytes = readFileSync(path.join(model, 'model.onnx'))
    expect((await own.get(`models/${sha256(bytes)}.onnx`)).equals(bytes)).toBe(true)
    expect(readdirSync(path.join(onBucket.dataDir, 'objects'))).toEqual([])
  })

  it('gives the numbers of the same images in a folder for a dataset in a bucket', async () => {
    await register(api, 'chest', 's3://images/chest')
    const { run, metrics, predictions } = await evaluate(api, version, 'chest')
    const count = images.size - 1
    expect(run).toMatchObject({
      status: 'succeeded',
      reused: 0,
      progress: { done: count, errors: 0, total: count },
    })
    expect(metrics).toEqual(inFolder.metrics)
    expect(predictions).toEqual(inFolder.predictions)
    expect(predictions).toHaveLength(count)
    const [there, here] = await Promise.all(
      [folderApi, api].map((client) =>
        dataOf(client.GET('/api/datasets/{name}', { params: { path: { name: 'chest' } } })),
      ),
    )
    expect(here?.skipped).toEqual(there?.skipped)
  })

  it('shows its images, small and whole, as those in a folder', async () => {
    const keys = [...images.keys()].filter((key) => key.startsWith('lung-covid/'))
    for (const size of ['thumbnail', 'full']) {
      const shown = await shownImages(onBucket, size)
      expect(Object.keys(shown).sort()).toEqual(keys.sort())
      expect(shown).toEqual(await shownImages(onFolder, size))
    }
  })

  it('reads only what is new or has other content when it is evaluated again', async () => {
    await bucket.put('lung-normal/plain-0.png', await synthesise(1000))
    await bucket.put('lung-covid/added.png', await synthesise(1001))
    await bucket.delete('lung-covid/plain-1.png')
    const { run } = await evaluate(api, version, 'chest')
    const count = images.size - 1
    expect(run).toMatchObject({
      status: 'succeeded',
      reused: count - 2,
      progress: { done: count, errors: 0 },
    })
  })

  it('keeps images uploaded from a browser in its own bucket, and evaluates them', async () => {
    await register(api, 'uploaded')
    const form = new FormData()
    form.set('findingClass', 'lung-normal')
    for (const [place, name] of AWKWARD_NAMES.entries())
      form.append('files', new Blob([await synthesise(2000 + place)]), name)
    const params = { path: { name: 'uploaded' } }
    await api.POST('/api/datasets/{name}/images', { params, body: form })
    const stored = await collectObjects(own.list('datasets/uploaded/'))
    expect(stored.map(({ key }) => key)).toEqual(
      AWKWARD_NAMES.map((name) => `datasets/uploaded/lung-normal/${name}`).sort(),
    )
    const { run } = await evaluate(api, version, 'uploaded')
    expect(run).toMatchObject({ status: 'succeeded', progress: { done: 5, errors: 0, total: 5 } })
  })

  it('says which bucket is missing when a dataset names one that is not there', async () => {
    await register(api, 'nowhere', 's3://no-such-bucket/chest')
    await expect(launchRun(api, version, 'nowhere')).rejects.toMatchObject({
      status: 422,
      code: 'LOCATION_NOT_FOUND',
      message: 'There is no bucket for s3://no-such-bucket/chest.',
    })
  })

  it('is down while the bucket is away, and ends the run that it was at when it is back', async () => {
    const health = async () => (await fetch(`${onBucket.url}/api/health`)).status
    const card = JSON.parse(readFileSync(path.join(model, 'model.json'), 'utf8'))
    card.preprocessing.mean = [0.4] // other preprocessing: nothing that is stored may be taken for its predictions
    writeFileSync(path.join(model, 'model.json'), JSON.stringify(card))
    const { id } = await launchRun(api, await admit(api), 'chest')
    const run = () => getRun(api, id)
    await waitUntil('the run is running', async () => (await run()).status === 'running')
    await swift.crash()
    await waitUntil('health says that the store is away', async () => (await health()) === 503, 20_000)
    expect(['queued', 'running']).toContain((await run()).status)
    await swift.start()
    await waitUntil('health says that the store is back', async () => (await health()) === 200, 20_000)
    expect(await finishedRun(api, id)).toMatchObject({
      status: 'succeeded',
      reused: 0,
      progress: { done: images.size - 1, errors: 0, total: images.size - 1 },
    })
  })
})

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
