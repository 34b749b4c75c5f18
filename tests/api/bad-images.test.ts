import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import * as hostile from '#tests/support/hostile-images.ts'
import {
  evaluate,
  getMetrics,
  modelForm,
  registerFolder,
  serviceApi,
  uploadVersion,
} from '#tests/support/service-api.ts'
import { shareInstance } from '#tests/support/shared-instance.ts'
import { testModelCard } from '#tests/support/test-models.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

const CANARY = 'PATIENT^CANARY^1947'
const jpeg = await hostile.pictureJpeg(200)
const otherJpeg = await hostile.pictureJpeg(90)
const png = hostile.plainPng(60, 50)
const cut = (bytes: Buffer, share: number) => bytes.subarray(0, Math.floor(bytes.length * share))

const instance = shareInstance()
const { work } = instance
const api = serviceApi(instance)
const headers = { Authorization: `Bearer ${instance.apiKey}` }
let versionId: string

beforeAll(async () => {
  const form = await modelForm('valid', testModelCard({ name: 'for-bad-images' }))
  versionId = (await uploadVersion(api, form)).id
})

const predict = async (bytes: Uint8Array, name = 'image.png') => {
  const form = new FormData()
  form.set('file', new Blob([Uint8Array.from(bytes)]), name)
  const response = await fetch(`${instance.url}/predict/`, { method: 'POST', headers, body: form })
  const text = await response.text()
  return { status: response.status, text, body: JSON.parse(text) }
}

describe('POST /predict/ refuses', () => {
  it.each([
    ['nothing', Buffer.alloc(0), 400, 'EMPTY_FILE'],
    ['one byte', Buffer.of(0xff), 415, 'UNSUPPORTED_IMAGE'],
    ['ten bytes', Buffer.alloc(10, 7), 415, 'UNSUPPORTED_IMAGE'],
    ['a JPEG cut in half', cut(jpeg, 0.5), 422, 'TRUNCATED_IMAGE'],
    ['a PNG cut inside its pixels', cut(png, 0.6), 422, 'TRUNCATED_IMAGE'],
    ['a PNG with damaged pixels', hostile.flipByte(png, png.length - 30), 422, 'CORRUPT_IMAGE'],
    ['50,000 × 50,000 pixels', hostile.greyPng(50_000, 50_000, Buffer.alloc(9)), 413, 'TOO_MANY_PIXELS'],
    ['16,383 × 16,383 pixels', hostile.plainPng(16_383, 16_383), 413, 'TOO_MANY_PIXELS'],
    ['a strip', hostile.plainPng(1, 100_000), 422, 'BAD_ASPECT'],
    ['a GIF', hostile.GIF, 415, 'ANIMATED_NOT_SUPPORTED'],
    ['an animated WebP', hostile.extendedWebp(2), 415, 'ANIMATED_NOT_SUPPORTED'],
    ['an SVG', hostile.SVG, 415, 'UNSUPPORTED_IMAGE'],
    ['a TIFF', hostile.TIFF, 415, 'UNSUPPORTED_IMAGE'],
    ['a HEIC', hostile.HEIC, 415, 'UNSUPPORTED_IMAGE'],
    ['a lossless WebP', hostile.LOSSLESS_WEBP, 415, 'UNSUPPORTED_IMAGE'],
    ['a DICOM file', hostile.dicom(65_535, 65_535), 415, 'UNSUPPORTED_IMAGE'],
    ['a zip', hostile.ZIP, 415, 'UNSUPPORTED_IMAGE'],
    ['a gzip', hostile.GZIP, 415, 'UNSUPPORTED_IMAGE'],
    ['a web page called .png', hostile.HTML, 415, 'UNSUPPORTED_IMAGE'],
  ])('%s', async (_what, bytes, status, code) => {
    const reply = await predict(bytes)
    expect([reply.status, reply.body.error.code]).toEqual([status, code])
    expect(reply.body.error).toMatchObject({ message: expect.any(String), requestId: expect.any(String) })
    expect(reply.text).not.toMatch(/\bat .*\.ts:|node_modules/)
  })

  it('a compressed body, however little it is', async () => {
    const response = await fetch(`${instance.url}/predict/`, {
      method: 'POST',
      headers: { 'Content-Type': 'multipart/form-data; boundary=B', 'Content-Encoding': 'gzip' },
      body: gzipSync(Buffer.alloc(10_000_000)),
    })
    expect(response.status).toBe(415)
  })

  it('an image one byte over the limit, and keeps nothing of it', async () => {
    const reply = await predict(Buffer.concat([jpeg, Buffer.alloc(25 * 2 ** 20 + 1 - jpeg.length)]))
    expect([reply.status, reply.body.error.code]).toEqual([413, 'TOO_LARGE'])
    await waitUntil('the upload is removed', () => receivedFiles().length === 0)
  })

  it('a stream without length soon after the limit, and keeps nothing of it', async () => {
    const { status, sentBytes } = await sendEndlessly()
    expect(status).toBe(413)
    expect(sentBytes).toBeLessThan(100 * 2 ** 20)
    await waitUntil('the upload is removed', () => receivedFiles().length === 0)
  })
})

describe('POST /predict/ answers', () => {
  it.each([
    ['one pixel', hostile.plainPng(1, 1), 'a.png'],
    ['all black', hostile.plainPng(64, 64, 0), 'a.png'],
    ['all white', hostile.plainPng(64, 64, 255), 'a.png'],
    ['a PNG called .jpg', png, 'a.jpg'],
    ['a JPEG called .png', jpeg, 'a.png'],
    ['a JPEG that is a zip as well', Buffer.concat([jpeg, hostile.ZIP]), 'a.jpg'],
    ['a file named like a path', png, '../../../etc/cron.d/x'],
    ['a name of 4 kB', png, `${'n'.repeat(4096)}.png`],
    [
      'a name with markup, controls and a turn of the reading direction',
      png,
      '<img onerror=x>\u202e\u0007CON🫁.png',
    ],
  ])('%s with finite probabilities that sum to one', async (_what, bytes, name) => {
    const { status, body, text } = await predict(bytes, name)
    expect(status, text).toBe(200)
    const probabilities: number[] = Object.values(body.probabilities)
    expect(probabilities.every((p) => p >= 0 && p <= 1)).toBe(true)
    expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9)
  })
})

describe('a dataset with bad images', () => {
  const script = Buffer.from(`<script>${CANARY}</script>`)
  const good = {
    'comment.jpg': Buffer.concat([hostile.withJpegComment(jpeg, CANARY), script]),
    'text.png': hostile.plainPng(40, 40, 90, [hostile.pngChunk('tEXt', Buffer.from(`Patient\0${CANARY}`))]),
    'also-a-zip.jpg': Buffer.concat([otherJpeg, hostile.ZIP]),
  }
  const bad = {
    'cut.jpg': cut(jpeg, 0.8),
    'damaged.png': hostile.flipByte(png, png.length - 30),
    'strip.png': hostile.plainPng(1, 5000),
  }

  it('is evaluated: good ones have predictions, bad ones a code, and the run succeeds', async () => {
    const folder = path.join(work, 'mixed', 'lung-normal')
    mkdirSync(folder, { recursive: true })
    for (const [name, bytes] of Object.entries({ ...good, ...bad }))
      writeFileSync(path.join(folder, name), bytes)
    await registerFolder(api, 'mixed', `${work}/mixed`)
    const run = await evaluate(api, versionId, 'mixed')
    expect(run).toMatchObject({ status: 'succeeded', progress: { done: 6, errors: 3, total: 6 } })
    const params = { path: { id: run.id }, query: { limit: 500 } }
    const { items } = await dataOf(api.GET('/api/evaluation-runs/{id}/predictions', { params }))
    const codes = items.map(({ imageKey, code }) => [path.basename(imageKey), code])
    expect(Object.fromEntries(codes)).toEqual({
      ...Object.fromEntries(Object.keys(good).map((name) => [name, null])),
      'cut.jpg': 'TRUNCATED_IMAGE',
      'damaged.png': 'CORRUPT_IMAGE',
      'strip.png': 'BAD_ASPECT',
    })
    const metrics = await getMetrics(api, run.id)
    expect([metrics.n, metrics.errors]).toEqual([3, 3])
  })

  it('shows pixels alone: no text, markup or second file of an upload leaves again', async () => {
    const params = { path: { name: 'mixed' }, query: { limit: 500 } }
    const { items } = await dataOf(api.GET('/api/datasets/{name}/images', { params }))
    for (const { id, key } of items) {
      if (!Object.hasOwn(good, path.basename(key))) continue
      for (const size of ['thumbnail', 'full']) {
        const response = await fetch(`${instance.url}/api/images/${id}/content?size=${size}`, { headers })
        const bytes = Buffer.from(await response.arrayBuffer())
        expect([response.status, response.headers.get('x-content-type-options')], key).toEqual([
          200,
          'nosniff',
        ])
        expect(response.headers.get('content-type')).toMatch(/^image\/(webp|png)$/)
        expect(response.headers.get('content-security-policy')).toContain('sandbox')
        for (const trace of ['CANARY', '<script', 'PK\x03\x04']) expect(bytes.includes(trace)).toBe(false)
      }
    }
  })

  it('leaves no text of an image in the database, the cache, the log or an export', async () => {
    const { items } = await dataOf(
      api.GET('/api/evaluation-runs', { params: { query: { dataset: 'mixed' } } }),
    )
    const csv = await fetch(`${instance.url}/api/evaluation-runs/${items[0]?.id}/predictions`, {
      headers: { ...headers, Accept: 'text/csv' },
    })
    expect(await csv.text()).not.toContain('CANARY')
    expect(instance.output()).not.toContain('CANARY')
    const holding = filesBelow(instance.dataDir).filter((file) => readFileSync(file).includes('CANARY'))
    expect(holding).toEqual([])
  })

  it('answers after all of it, and has written none of it down as a fault', async () => {
    expect(await instance.isHealthy()).toBe(true)
    expect(instance.output()).not.toContain('request failed')
  })
})

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
}

/** What requests under way have received so far. */
function receivedFiles(): string[] {
  const folder = path.join(instance.dataDir, 'tmp', 'uploads')
  return existsSync(folder) ? filesBelow(folder) : []
}

/** Sends a file part in chunks, without a stated length, until there is an answer. */
function sendEndlessly(): Promise<{ status: number | undefined; sentBytes: number }> {
  return new Promise((resolve, reject) => {
    let sentBytes = 0
    const sending = request(`${instance.url}/predict/`, {
      method: 'POST',
      headers: { 'Content-Type': 'multipart/form-data; boundary=B', 'Transfer-Encoding': 'chunked' },
    })
    let status: number | undefined
    sending.on('response', (response) => {
      status = response.statusCode
      response.resume().on('end', () => {
        sending.destroy()
        resolve({ status, sentBytes })
      })
    })
    sending.on('error', (error) => (status === undefined ? reject(error) : undefined))
    sending.write('--B\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n')
    const chunk = Buffer.alloc(2 ** 20)
    const more = (): void => {
      if (sending.destroyed || status !== undefined) return
      sentBytes += chunk.length
      sending.write(chunk, () => setImmediate(more))
    }
    more()
  })
}
