import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refuseRequest } from './refuse-request.ts'

const settings = { host: '127.0.0.1', baseUrl: 'http://127.0.0.1:3000', allowedHosts: [] }
let server: Server
let url: string
beforeAll(async () => {
  server = createServer((request, response) => {
    if (!refuseRequest(request, response, settings)) response.end('let through')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

describe('a page', () => {
  const form = () => new URLSearchParams({ $ACTION_ID_x: '1' })
  const parts = () => {
    const data = new FormData()
    data.set('1_$ACTION_ID_x', '')
    return data
  }
  it.each([
    ['a form', '/', () => ({ body: form() })],
    ['a form in parts', '/login', () => ({ body: parts() })],
    ['a call of an action that is none', '/', () => ({ headers: { 'Next-Action': 'x' }, body: '[]' })],
    ['a form at an address that is none', '/nothing', () => ({ body: form() })],
    ['a deletion', '/datasets', () => ({ method: 'DELETE' })],
    ['text', '/_next/static/x.js', () => ({ body: 'x' })],
  ])('takes no %s', async (_what, path, make) => {
    const response = await fetch(`${url}${path}`, { method: 'POST', ...make() })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    expect(await response.json()).toMatchObject({ error: { code: 'METHOD_NOT_ALLOWED' } })
  })
  it.each(['GET', 'HEAD'])('is looked at by %s', async (method) => {
    expect((await fetch(`${url}/login`, { method })).status).toBe(200)
  })
})

it('leaves the methods of the API to its routes', async () => {
  for (const path of ['/predict/', '/predict', '/api/datasets'])
    expect(await (await fetch(`${url}${path}`, { method: 'POST' })).text()).toBe('let through')
})
