import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DemoCredentials } from '#lib/platform/auth/write-first-credentials.ts'
import type { Role } from '#lib/platform/permissions.ts'
import { shareInstance } from '#tests/support/shared-instance.ts'

const instance = shareInstance()
const credentialsFile = path.join(instance.dataDir, 'demo-credentials.json')
const credentials: DemoCredentials = JSON.parse(readFileSync(credentialsFile, 'utf8'))

function call(
  method: string,
  address: string,
  options: { headers?: Record<string, string>; body?: object } = {},
) {
  const json: Record<string, string> =
    options.body === undefined ? {} : { 'content-type': 'application/json' }
  return fetch(`${instance.url}${address}`, {
    method,
    headers: { ...json, ...options.headers },
    body: options.body === undefined ? null : JSON.stringify(options.body),
  })
}
const withKey = (key = credentials.apiKey) => ({ authorization: `Bearer ${key}` })

async function signIn(role: Role): Promise<string> {
  const person = credentials.users.find((user) => user.role === role)
  const { email, password } = person ?? { email: '', password: '' }
  const response = await call('POST', '/api/auth/sign-in/email', { body: { email, password } })
  expect(response.status).toBe(200)
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}

describe('a fresh demo', () => {
  it('has written its credentials for the owner alone before it was healthy', () => {
    expect(statSync(credentialsFile).mode & 0o777).toBe(0o600)
    expect(credentials.url).toBe(instance.url)
  })
  it('lets its key do everything', async () => {
    const session = await (await call('GET', '/api/auth/get-session', { headers: withKey() })).json()
    expect(session.permissions).toEqual(
      expect.arrayContaining(['dataset:write', 'user:manage', 'audit-event:read']),
    )
  })
  it('lets each person sign in, see who they are, and out again', async () => {
    for (const { role } of credentials.users) {
      const cookie = await signIn(role)
      const origin = instance.url
      const session = await (await call('GET', '/api/auth/get-session', { headers: { cookie } })).json()
      expect(session.actor.roles).toEqual([role])
      expect((await call('POST', '/api/auth/sign-out', { headers: { cookie, origin } })).status).toBe(204)
      expect((await call('GET', '/api/auth/get-session', { headers: { cookie } })).status).toBe(401)
    }
  })
})

describe('the guard', () => {
  it('keeps a role out of what it may not, and writes that down', async () => {
    const cookie = await signIn('reviewer')
    const response = await call('GET', '/api/audit-events', { headers: { cookie } })
    expect(response.status).toBe(403)
    const requestId = response.headers.get('x-request-id')
    const log = await (
      await call('GET', '/api/audit-events?action=request.deny', { headers: withKey() })
    ).json()
    expect(log.items[0]).toMatchObject({ requestId, object: { id: 'GET /api/audit-events' } })
  })
  it('does not depend on how the address is asked for', async () => {
    const tricks: Record<string, string>[] = [
      { 'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware' },
      { rsc: '1' },
      { 'next-router-prefetch': '1', rsc: '1' },
      { 'x-http-method-override': 'POST' },
      { authorization: 'Bearer ' },
      { cookie: `second-reader-${new URL(instance.url).port}.session=x.y` },
    ]
    for (const headers of tricks)
      expect((await call('GET', '/api/audit-events', { headers })).status).toBe(401)
    for (const address of [
      '/api/audit-events/',
      '/api//audit-events',
      '/API/audit-events',
      '/api/audit-events.rsc',
      '/api/%61udit-events',
      '/_next/data/x/api/audit-events.json',
    ]) {
      const response = await call('GET', address)
      expect([401, 404, 308, 400]).toContain(response.status)
      expect(await response.text()).not.toContain('"items"')
    }
  })
  it('takes a change from our own pages only', async () => {
    const cookie = await signIn('administrator')
    const body = { name: 'page', roles: ['administrator'] }
    const statuses = []
    for (const origin of ['https://evil.test', 'null', instance.url])
      statuses.push((await call('POST', '/api/api-keys', { headers: { cookie, origin }, body })).status)
    expect(statuses).toEqual([403, 403, 201])
  })
  it('knows a revoked key no more', async () => {
    const body = { name: 'brief', roles: ['read-only'] }
    const { key, id } = await (await call('POST', '/api/api-keys', { headers: withKey(), body })).json()
    expect((await call('GET', '/api/api-keys', { headers: withKey(key) })).status).toBe(200)
    expect((await call('DELETE', `/api/api-keys/${id}`, { headers: withKey() })).status).toBe(204)
    expect((await call('GET', '/api/api-keys', { headers: withKey(key) })).status).toBe(401)
  })
})

describe('the address space', () => {
  it('describes itself', async () => {
    const response = await call('GET', '/api/openapi.json')
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      openapi: '3.1.0',
      paths: { '/api/audit-events/verify': {} },
    })
  })
  it('answers a method that is not there with 405 in JSON, and HEAD without a body', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const response = await call(method, '/api/audit-events', { headers: withKey() })
      expect(response.status).toBe(405)
      expect(await response.json()).toMatchObject({ error: { code: 'METHOD_NOT_ALLOWED' } })
    }
    const head = await call('HEAD', '/api/audit-events', { headers: withKey() })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })
  it('has an audit log that verifies, over everything above', async () => {
    const check = await (await call('GET', '/api/audit-events/verify', { headers: withKey() })).json()
    expect(check).toEqual({ ok: true, checked: expect.any(Number) })
    expect(check.checked).toBeGreaterThan(15)
  })
  it('pages through the log by its cursors', async () => {
    const first = await (await call('GET', '/api/audit-events?limit=2', { headers: withKey() })).json()
    const address = `/api/audit-events?limit=2&cursor=${encodeURIComponent(first.nextCursor)}`
    const second = await (await call('GET', address, { headers: withKey() })).json()
    expect(second.items[0].seq).toBe(first.items[1].seq - 1)
    const foreign = await call('GET', address.replace('limit=2', 'action=user.create'), {
      headers: withKey(),
    })
    expect([foreign.status, (await foreign.json()).error.code]).toEqual([400, 'BAD_CURSOR'])
  })
})
