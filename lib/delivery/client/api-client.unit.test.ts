import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiClient, dataOf, openApiClient } from './api-client.ts'

const asked: IncomingMessage[] = []
let reply = { status: 200, type: 'application/json', body: '{}' }
const server = createServer((request, response) => {
  asked.push(request)
  response.writeHead(reply.status, { 'content-type': reply.type }).end(reply.body)
})

let api: ApiClient
const refused: string[] = []
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  api = openApiClient({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    headers: { Authorization: 'Bearer key' },
    onFailure: ({ code }, address) => refused.push(`${address} ${code}`),
  })
})
afterAll(() => new Promise((resolve) => server.close(resolve)))

const ask = (name: string) => dataOf(api.GET('/api/datasets/{name}', { params: { path: { name } } }))

describe('The API client', () => {
  test('gives the body of a success and sends what the caller says once for all', async () => {
    reply = { status: 200, type: 'application/json', body: '{"name":"final_eval"}' }
    expect(await ask('final_eval')).toEqual({ name: 'final_eval' })
    expect(asked.at(-1)?.headers).toMatchObject({ authorization: 'Bearer key', accept: 'application/json' })
  })

  test('keeps a name in its place of the address, whatever is in it', async () => {
    await ask('../users?x=1#y/ü')
    expect(asked.at(-1)?.url).toBe('/api/datasets/..%2Fusers%3Fx%3D1%23y%2F%C3%BC')
  })

  test('throws a refusal with its code, details and request id, and tells of it', async () => {
    const error = { code: 'NOT_FOUND', message: 'There is no dataset x.', details: 7, requestId: 'r' }
    reply = { status: 404, type: 'application/json', body: JSON.stringify({ error }) }
    await expect(ask('x')).rejects.toMatchObject({ status: 404, ...error })
    expect(refused.at(-1)).toBe('/api/datasets/{name} NOT_FOUND')
  })

  test.each(['<html>Bad gateway</html>', '', '{"error":"no"}', 'null'])(
    'names the status of %j',
    async (body) => {
      reply = { status: 502, type: 'text/html', body }
      await expect(ask('x')).rejects.toMatchObject({ status: 502, code: 'UNEXPECTED_REPLY' })
    },
  )

  test('says that the service is not reached, and leaves an abort an abort', async () => {
    const nowhere = openApiClient({ baseUrl: 'http://127.0.0.1:1' })
    await expect(nowhere.GET('/api/health')).rejects.toMatchObject({ status: 0, code: 'NOT_REACHED' })
    const aborted = nowhere.GET('/api/health', { signal: AbortSignal.abort() })
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' })
  })
})
