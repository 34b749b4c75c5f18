import { globSync } from 'node:fs'
import path from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { API_ROUTES } from '#app/api/_handlers/all.ts'
import { apiKeys } from '#db/schema/auth.ts'
import type { Endpoint } from '#lib/platform/api/endpoint.ts'
import { createApiKey } from '#lib/platform/auth/create-api-key.ts'
import { taskActor } from '#lib/platform/context.ts'
import { ROLES } from '#lib/platform/permissions.ts'
import { CALLERS, ROLE_ROUTES } from '#tests/support/role-routes.ts'
import { openTestService, TEST_BASE_URL, type TestService } from '#tests/support/test-service.ts'
import { ENDPOINTS } from './all.ts'

type Serve = (request: Request) => Promise<Response>
type RouteFile = { address: string; exports: Record<string, Serve> }

const root = path.join(import.meta.dirname, '..', '..', '..')
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const REST_API = '/api/[...path]'

/** The address that Next serves a file at: `app/(compatibility)/predict/route.ts` → `/predict`. */
function addressOf(file: string): string {
  const folders = path.dirname(file).split(path.sep).slice(1)
  return `/${folders.filter((name) => !name.startsWith('(')).join('/')}`
}
const withoutSlash = (address: string) => address.replace(/\/$/, '')
const isRest = ({ path: address }: Endpoint) => address.startsWith('/api/')
const nameOf = ({ method, path: address }: Endpoint) => `${method} ${address}`

const files: RouteFile[] = await Promise.all(
  globSync('app/**/route.ts', { cwd: root }).map(async (file) => ({
    address: addressOf(file),
    exports: (await import(path.join(root, file))) as RouteFile['exports'],
  })),
)

/** The function that Next calls for an endpoint. */
function serveOf(endpoint: Endpoint, method = endpoint.method as string): Serve {
  const address = isRest(endpoint) ? REST_API : withoutSlash(endpoint.path)
  const serve = files.find((file) => file.address === address)?.exports[method]
  if (serve === undefined) throw new Error(`No file serves ${method} ${endpoint.path}.`)
  return serve
}

let test: TestService
const keys = new Map<string, string>()
beforeAll(async () => {
  test = await openTestService({ COMPATIBILITY_API: 'key' })
  const context = { db: test.service.db, actor: taskActor('test'), now: new Date(), requestId: 'r' }
  for (const role of ROLES) keys.set(role, (await createApiKey(context, { name: role, roles: [role] })).key)
  const { apiKey, key } = await createApiKey(context, { name: 'ended', roles: ROLES })
  await test.service.db.update(apiKeys).set({ revokedAt: new Date() }).where(eq(apiKeys.id, apiKey.id))
  keys.set('ended', key)
})
afterAll(() => test.close())

const addressIn = (endpoint: Endpoint) =>
  `${TEST_BASE_URL}${endpoint.path.replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000')}`

/** A call that says who calls and nothing that makes sense: a caller who is let in is told so by 4xx, and nothing changes. */
async function statusOf(endpoint: Endpoint, caller: string): Promise<number> {
  const key = keys.get(caller)
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` }
  // A parameter that no endpoint has, and no body: refused by the schemas, behind the guard.
  const request = new Request(`${addressIn(endpoint)}?unknown-parameter=1`, {
    method: endpoint.method,
    headers,
  })
  const response = await serveOf(endpoint)(request)
  await response.body?.cancel()
  return response.status
}

describe('the routes', () => {
  it('are the endpoints that are described, and no others', () => {
    const described = ENDPOINTS.filter(isRest).map(nameOf)
    expect(API_ROUTES.map(({ endpoint }) => nameOf(endpoint)).sort()).toEqual(described.sort())
    const others = ENDPOINTS.filter((endpoint) => !isRest(endpoint)).map((each) => withoutSlash(each.path))
    expect(files.map(({ address }) => address).sort()).toEqual([REST_API, ...others].sort())
  })

  it('answer each method that their address does not have with 405', async () => {
    const wrong: string[] = []
    for (const endpoint of ENDPOINTS) {
      const own = ENDPOINTS.filter((each) => each.path === endpoint.path).map(
        ({ method }) => method as string,
      )
      for (const method of METHODS.filter((name) => name !== 'HEAD' && !own.includes(name))) {
        const { status } = await serveOf(endpoint, method)(new Request(addressIn(endpoint), { method }))
        if (status !== 405) wrong.push(`${method} ${endpoint.path}: ${status}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('answer an address that nothing is at with 404, in JSON', async () => {
    const serve = files.find(({ address }) => address === REST_API)?.exports.GET
    const response = await serve?.(new Request(`${TEST_BASE_URL}/api/datasets/a/b/c/d`))
    expect(response?.status).toBe(404)
    expect(await response?.json()).toMatchObject({ error: { code: 'NOT_FOUND' } })
  })
})

describe('the table of roles and routes', () => {
  it('has a row for each route that is served, and for no other', () => {
    expect(ROLE_ROUTES.map(({ name }) => name).sort()).toEqual(ENDPOINTS.map(nameOf).sort())
  })
  it('has a column for each role', () => {
    expect([...CALLERS].sort()).toEqual(['none', 'ended', ...ROLES].sort())
  })

  it.each(CALLERS)('holds for the caller: %s', async (caller) => {
    const wrong: string[] = []
    for (const endpoint of ENDPOINTS) {
      const name = nameOf(endpoint)
      const expected = ROLE_ROUTES.find((row) => row.name === name)?.expected[caller]
      const status = await statusOf(endpoint, caller)
      const met = expected === 'in' ? status !== 401 && status !== 403 : status === expected
      if (!met) wrong.push(`${name}: ${status}, and the table says ${expected}`)
    }
    expect(wrong).toEqual([])
  })
})
