import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ApiClient, dataOf } from '#lib/delivery/client/api-client.ts'
import { type Instance, startInstance } from '#tests/support/instance.ts'
import { codeOf, type RawClient, rawClient, statusOf } from '#tests/support/raw-request.ts'
import { modelForm, serviceApi, uploadVersion } from '#tests/support/service-api.ts'
import { mountSmallDisk } from '#tests/support/small-disk.ts'
import { readTestModel, testModelCard } from '#tests/support/test-models.ts'

let dataDir: string
let instance: Instance
let api: ApiClient
let raw: RawClient
beforeAll(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'sr-models-'))
  instance = await startInstance({
    dataDir,
    env: {
      UPLOAD_LIMIT_MB: '0.02',
      EVALUATOR_MODEL_LIMIT_MB: '0.1',
      EVALUATOR_WORKER_MEMORY_MB: '1536',
    },
  })
  api = serviceApi(instance)
  raw = rawClient(instance.url)
})
afterAll(async () => {
  await instance?.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

const upload = async (model: string | Uint8Array, card: object = testModelCard()) =>
  uploadVersion(api, await modelForm(model, card))
const stored = () =>
  readdirSync(path.join(dataDir, 'objects', 'models')).filter((name) => name.endsWith('.onnx'))
/** The head of an upload of so many bytes, of which none follow. */
const announce = (bytes: number) =>
  raw.send(
    raw.head(
      'POST /api/model-versions HTTP/1.1',
      `Authorization: Bearer ${instance.apiKey}`,
      'Content-Type: multipart/form-data; boundary=B',
      `Content-Length: ${bytes}`,
    ),
  )

describe('versions of a model', () => {
  it('are numbered by content: other bytes are the next version, the same bytes are none', async () => {
    const [first, other, again] = [
      await upload('valid'),
      await upload('constant-output'),
      await upload('valid'),
    ]
    expect([first.number, other.number, again.id]).toEqual([1, 2, first.id])
  })
  it('of the same bytes under two names are two, over one stored file', async () => {
    const before = stored()
    const named = await upload('valid', testModelCard({ name: 'other-name' }))
    expect([named.name, named.number]).toEqual(['other-name', 1])
    expect(named.sha256).toBe((await readTestModel('valid')).sha256)
    expect(stored()).toEqual(before)
  })
})

it('an evaluator with less memory than its limits ask for starts, and says so in the health', async () => {
  const { dependencies } = await dataOf(api.GET('/api/health'))
  expect(dependencies.evaluator).toMatchObject({
    status: 'ok',
    detail: expect.stringContaining('EVALUATOR_WORKER_MEMORY_MB is 1536'),
  })
})

describe('a model file', () => {
  it('may be larger than an image may be', async () => {
    expect((await readTestModel('valid')).bytes.length).toBeGreaterThan(0.02 * 2 ** 20)
    expect((await upload('valid')).number).toBe(1)
  })
  it('of 3 GB is refused before it is received', async () => {
    const answer = await announce(3 * 2 ** 30)
    expect([statusOf(answer), codeOf(answer)]).toEqual([413, 'TOO_LARGE'])
  })
  it('larger than the evaluator takes is refused, and not kept', async () => {
    const before = stored()
    await expect(upload(Buffer.alloc(200_000))).rejects.toMatchObject({
      status: 422,
      code: 'MODEL_TOO_LARGE',
      message: expect.stringContaining('EVALUATOR_WORKER_MEMORY_MB is 1536'),
    })
    expect(stored()).toEqual(before)
  })
  it('of nothing is no model', async () => {
    await expect(upload(new Uint8Array())).rejects.toMatchObject({ status: 422, code: 'MODEL_PARSE' })
  })
})

describe('on a disk that is full', () => {
  let unmount: (() => void) | undefined
  afterEach(() => {
    unmount?.()
    unmount = undefined
  })

  it('an upload that cannot fit is 507 before it is received', async () => {
    unmount = mountSmallDisk(path.join(dataDir, 'tmp', 'uploads'), 1024)
    const answer = await announce(100 * 2 ** 20)
    expect([statusOf(answer), codeOf(answer)]).toEqual([507, 'DISK_FULL'])
  })
  it('an upload that meets the end of the disk is 507, and leaves nothing', async () => {
    unmount = mountSmallDisk(path.join(dataDir, 'tmp', 'uploads'), 64)
    const body = `--B\r\nContent-Disposition: form-data; name="model"; filename="a"\r\n\r\n${'x'.repeat(500_000)}\r\n--B--\r\n`
    const response = await fetch(`${instance.url}/api/model-versions`, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${instance.apiKey}`,
        'Content-Type': 'multipart/form-data; boundary=B',
      },
      body: new Blob([body]).stream(), // of no stated length
      duplex: 'half',
    } as RequestInit)
    expect([response.status, (await response.json()).error.code]).toEqual([507, 'DISK_FULL'])
    expect(readdirSync(path.join(dataDir, 'tmp', 'uploads'))).toEqual([])
  })
  it('a model that the object store cannot take is 507, and none of it is there', async () => {
    const objects = path.join(dataDir, 'objects')
    unmount = mountSmallDisk(objects, 32)
    const uploaded = upload('valid-rgb', testModelCard({ input: { channels: 3 } }))
    await expect(uploaded).rejects.toMatchObject({ status: 507, code: 'INSUFFICIENT_STORAGE' })
    const left = readdirSync(objects, { recursive: true, withFileTypes: true })
    expect(left.filter((entry) => entry.isFile())).toEqual([])
  })
})

it('answers after all of it', async () => {
  expect(await instance.isHealthy()).toBe(true)
})
