import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { present } from '#tests/support/present.ts'
import { rawClient, statusOf } from '#tests/support/raw-request.ts'
import {
  finishedRun,
  modelForm,
  registerFolder,
  serviceApi,
  uploadVersion,
} from '#tests/support/service-api.ts'
import { shareInstance } from '#tests/support/shared-instance.ts'
import { makePng } from '#tests/support/test-images.ts'
import { testModelCard } from '#tests/support/test-models.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

/** Numbers, which a JavaScript object would put first, and a name that it would lose. */
const CLASSES = ['lung-normal', '10', '__proto__']

const instance = shareInstance()
const { work } = instance
const api = serviceApi(instance)
beforeAll(async () => {
  for (const findingClass of CLASSES) mkdirSync(path.join(work, 'tiny', findingClass), { recursive: true })
  for (const [index, findingClass] of CLASSES.entries())
    writeFileSync(path.join(work, 'tiny', findingClass, 'a.png'), makePng({ shade: index * 90 }))
  const modalities = '{"10":"oct","__proto__":"oct"}'
  const form = await modelForm(
    'valid',
    testModelCard({ name: 'compatible', findingClasses: CLASSES, modalities: JSON.parse(modalities) }),
  )
  expect(JSON.stringify(await uploadVersion(api, form))).toContain(`"modalities":${modalities}`)
  await registerFolder(api, 'tiny', `${work}/tiny`)
})

async function predict(field: string, images: Buffer[], address = '/predict/') {
  const form = new FormData()
  for (const image of images) form.append(field, new Blob([Uint8Array.from(image)]), 'a.png')
  if (images.length === 0) form.append('note', 'no image')
  // As bytes: the stream that fetch makes of a form does not take an early reply.
  const encoded = new Response(form)
  const headers = { 'Content-Type': encoded.headers.get('content-type') ?? '' }
  const body = await encoded.arrayBuffer()
  return fetch(`${instance.url}${address}`, { method: 'POST', headers, body, redirect: 'error' })
}

describe('/predict/', () => {
  it.each(['/predict/', '/predict'])(
    'answers at %s without a redirect, classes in their order',
    async (address) => {
      const response = await predict('file', [makePng({ shade: 7 })], address)
      const text = await response.text()
      expect(response.status, text).toBe(200)
      const order = [...(/"probabilities":\{(.*?)\}/.exec(text)?.[1] ?? '').matchAll(/"([^"]*)":/g)]
      expect(order.map(([, findingClass]) => findingClass)).toEqual(CLASSES)
    },
  )
  it.each([
    ['another field', 'image', [makePng()], 400, 'BAD_MULTIPART'],
    ['no file', 'file', [], 400, 'BAD_MULTIPART'],
    ['a hundred files', 'file', Array.from({ length: 100 }, () => makePng()), 413, 'TOO_MANY_PARTS'],
    ['a good file and a bad one', 'file', [makePng(), Buffer.from('x')], 413, 'TOO_MANY_PARTS'],
  ])('refuses %s', async (_what, field, images, status, code) => {
    const response = await predict(field, images)
    expect([response.status, (await response.json()).error.code]).toEqual([status, code])
  })
})

describe('/evaluate', () => {
  const evaluate = async (query: string) => {
    const response = await fetch(`${instance.url}/evaluate${query}`)
    return [response.status, (await response.json()).error?.code]
  }
  it.each([
    ['?dataset=nowhere', 404, 'NOT_FOUND'],
    ['', 400, 'INVALID_INPUT'],
    ['?dataset=tiny&model=x', 400, 'INVALID_INPUT'],
    ['?dataset=tiny&dataset=tiny', 400, 'INVALID_INPUT'],
  ])('%s is refused', async (query, status, code) => {
    expect(await evaluate(query)).toEqual([status, code])
  })
  it('called many times at once starts one run', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => evaluate('?dataset=tiny')))
    expect(answers).toEqual(answers.map(() => [200, undefined]))
    const params = { query: { dataset: 'tiny' } }
    const [run, ...others] = (await dataOf(api.GET('/api/evaluation-runs', { params }))).items
    expect(others).toEqual([])
    expect(await finishedRun(api, present(run).id)).toMatchObject({ status: 'succeeded' })
  })
})

describe('an image’s content', () => {
  it.each(['bytes=0-0', 'bytes=1000000000000-', 'bytes=0-1,3-4', 'bytes=-1', 'lines=1-2'])(
    'is whole whatever part of it is asked for: %s',
    async (range) => {
      const params = { path: { name: 'tiny' }, query: { limit: 1 } }
      const [image] = (await dataOf(api.GET('/api/datasets/{name}/images', { params }))).items
      const address = `${instance.url}/api/images/${present(image).id}/content`
      const headers = { Authorization: `Bearer ${instance.apiKey}` }
      const whole = await (await fetch(address, { headers })).arrayBuffer()
      const asked = await fetch(address, { headers: { ...headers, Range: range } })
      expect([asked.status, asked.headers.get('accept-ranges')]).toEqual([200, 'none'])
      expect(Buffer.from(await asked.arrayBuffer()).equals(Buffer.from(whole))).toBe(true)
    },
  )
})

describe('a client that sends a byte a second', () => {
  // It takes the 20 s that the service allows a real client.
  it('gets 408 for its headers and for its body, while others are served', { timeout: 120_000 }, async () => {
    const raw = rawClient(instance.url)
    const multipart = ['Content-Type: multipart/form-data; boundary=B', 'Content-Length: 1000']
    const started = performance.now()
    const slow = [
      raw.trickle('GET /api/health HTTP/1.1\r\nX-A: '),
      raw.trickle(raw.head('POST /predict/ HTTP/1.1', ...multipart)),
    ]
    let answers: string[] = []
    void Promise.all(slow).then((all) => {
      answers = all
    })
    await waitUntil('both are answered', async () => {
      expect(await instance.isHealthy()).toBe(true)
      return answers.length > 0
    })
    expect(answers.map(statusOf)).toEqual([408, 408])
    expect(performance.now() - started).toBeLessThan(60_000)
  })
})
