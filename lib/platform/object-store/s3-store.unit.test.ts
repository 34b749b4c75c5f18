import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { collectObjects } from '#tests/support/object-store-contract.ts'
import type { ObjectStore } from './object-store.ts'
import { openObjectStore } from './open.ts'

// What a well-behaved S3 server cannot be made to do: break off, loop, lie. The contract runs against a real one.

let server: Server
let store: ObjectStore
let requests: IncomingMessage[] = []
let answer: (request: IncomingMessage, response: ServerResponse) => void

beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'key'
  process.env.AWS_SECRET_ACCESS_KEY = 'secret'
  server = createServer((request, response) => {
    requests.push(request)
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  store = openObjectStore(`s3://bucket/pre fix?endpoint=http://127.0.0.1:${port}`)
})
afterAll(async () => {
  await store.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
beforeEach(() => {
  requests = []
})

function listing(content: string, next: string | null): string {
  const more = next === null ? '' : `<NextContinuationToken>${next}</NextContinuationToken>`
  return `<?xml version="1.0"?><ListBucketResult><EncodingType>url</EncodingType>
    <IsTruncated>${next !== null}</IsTruncated>${more}${content}</ListBucketResult>`
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' })
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>said so</Message></Error>`)
}

test('ends a listing that comes back to where it was', async () => {
  const tokens = ['one', 'two', 'one']
  answer = (_, response) => response.end(listing('', tokens[requests.length - 1] ?? null))
  await expect(collectObjects(store.list())).rejects.toMatchObject({ kind: 'UNAVAILABLE', code: 'LIST_LOOP' })
  expect(requests).toHaveLength(3)
})

test('gives keys relative to the prefix, decoded, and those that cannot be fetched as special', async () => {
  const keys = ['pre+fix/', 'pre+fix/c/a%2Bb+%25.png', 'pre+fix/c/', 'pre+fix/c//d', 'other/x']
  const contents = keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size><ETag>"e"</ETag></Contents>`)
  answer = (_, response) => response.end(listing(contents.join(''), null))
  expect((await collectObjects(store.list())).map(({ key, kind }) => [key, kind])).toEqual([
    ['c/', 'special'],
    ['c//d', 'special'],
    ['c/a+b %.png', 'object'],
  ])
})

test('reads again after a body that broke off', async () => {
  answer = (_, response) => {
    response.writeHead(200, { 'content-length': 10 })
    if (requests.length > 1) response.end('0123456789')
    else response.write('01234', () => response.destroy())
  }
  expect((await store.get('key')).toString()).toBe('0123456789')
  expect(requests).toHaveLength(2)
})

test('stops an object without a stated length at the limit', async () => {
  let sent = 0
  answer = (_, response) => {
    response.writeHead(200)
    const more = (): void => {
      sent += 1
      if (!response.destroyed) response.write(Buffer.alloc(10_000), () => setImmediate(more))
    }
    more()
  }
  await expect(store.get('key', { maxBytes: 50_000 })).rejects.toMatchObject({ kind: 'TOO_LARGE' })
  expect(sent).toBeLessThan(1000)
})

test('asks a server that fails at most five times', async () => {
  answer = (_, response) => refuse(response, 500, 'InternalError')
  await expect(store.get('key')).rejects.toMatchObject({ kind: 'UNAVAILABLE' })
  expect(requests).toHaveLength(5)
}, 30_000)

test.each([
  [403, 'SignatureDoesNotMatch', 'FORBIDDEN'],
  [404, 'NoSuchKey', 'NOT_FOUND'],
  [404, 'NoSuchBucket', 'UNAVAILABLE'],
  [507, 'InsufficientStorage', 'INSUFFICIENT_STORAGE'],
] as const)(
  'says of %i %s that it is %s, without asking again',
  async (status, code, kind) => {
    answer = (_, response) => refuse(response, status, code)
    await expect(store.get('key')).rejects.toMatchObject({ kind })
    if (status < 500) expect(requests).toHaveLength(1)
  },
  30_000,
)

test('sends no trailing checksums, which other servers store as content', async () => {
  let body = ''
  answer = (request, response) => {
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => response.end())
  }
  await store.put('key', Buffer.from('content'), { contentType: 'image/png' })
  expect(body).toBe('content')
  expect(requests[0]?.headers).toMatchObject({ 'content-length': '7', 'content-type': 'image/png' })
  expect(requests[0]?.url).toContain('/bucket/pre%20fix/key')
})
