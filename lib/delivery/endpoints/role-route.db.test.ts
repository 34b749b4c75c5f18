import { globSync } from 'node:fs'
import path from 'node:path'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiKeys } from '#db/schema/auth.ts'
import type { Endpoint } from '#lib/platform/api/endpoint.ts'
import { createApiKey } from '#lib/platform/auth/create-api-key.ts'
import { taskActor } from '#lib/platform/context.ts'
import { ROLES } from '#lib/platform/permissions.ts'
import { CALLERS, ROLE_ROUTES } from '#tests/support/role-routes.ts'
import { openTestService, TEST_BASE_URL, type TestService } from '#tests/support/test-service.ts'
import { ENDPOINTS } from './all.ts'

type Exported = Record<string, ((request: Request) => Promise<Response>) & { endpoint?: Endpoint }>
type RouteFile = { file: string; address: string; exports: Exported }

const root = path.join(import.meta.dirname, '..', '..', '..')
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** The address that Next serves a file at: `app/api/datasets/[name]/route.ts` → `/api/datasets/{name}`. */
function addressOf(file: string): string {
  const folders = path.dirname(file).split(path.sep).slice(1)
  const segments = folders.filter((name) => !name.startsWith('('))
  return `/${segments.join('/').replaceAll('[', '{').replaceAll(']', '}')}`
}
const withoutSlash = (address: string) => address.replace(/\/$/, '')

const files: RouteFile[] = await Promise.all(
  globSync('app/**/route.ts', { cwd: root }).map(async (file) => ({
    file,
    address: addressOf(file),
    exports: (await import(path.join(root, file))) as Exported,
  })),
)
const served = files.flatMap(({ exports }) =>
  METHODS.filter((method) => method !== 'HEAD').flatMap((method) => {
    const handler = exports[method]
    return handler?.endpoint === undefined ? [] : [{ handler, endpoint: handler.endpoint }]
  }),
)

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

/** A call that says who calls and nothing that makes sense: a caller who is let in is told so by 4xx, and nothing changes. */
async function statusOf(endpoint: Endpoint, handler: Exported[string], caller: string): Promise<number> {
  const address = endpoint.path.replaceAll(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000')
  const key = keys.get(caller)
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` }
  // A parameter that no endpoint has, and no body: refused by the schemas, behind the guard.
  const request = new Request(`${TEST_BASE_URL}${address}?unknown-parameter=1`, {
    method: endpoint.method,
    headers,
  })
  const response = await handler(request)
  await response.body?.cancel()
  return response.status
}

describe('the route table', () => {
  it.each(files)(
    '$file serves what is described for its address, and nothing else',
    ({ address, exports }) => {
      const described = ENDPOINTS.filter((endpoint) => withoutSlash(endpoint.path) === address)
      expect(described.length).toBeGreaterThan(0)
      for (const method of METHODS.filter((name) => exports[name] !== undefined)) {
        const endpoint = exports[method]?.endpoint
        if (endpoint !== undefined) expect(described).toContain(endpoint)
      }
      const methods = METHODS.filter((method) => exports[method]?.endpoint !== undefined)
      expect(methods.sort()).toEqual(described.map(({ method }) => method).sort())
    },
  )
  it.each(files)('$file answers every other method with 405', async ({ exports, address }) => {
    for (const method of METHODS.filter((name) => name !== 'HEAD' && exports[name]?.endpoint === undefined)) {
      const request = new Request(`${TEST_BASE_URL}${address}`, { method })
      expect((await exports[method]?.(request))?.status).toBe(405)
    }
  })
})

describe('the table of roles and routes', () => {
  it('has a row for each route that is served, and for no other', () => {
    const names = served.map(({ endpoint }) => `${endpoint.method} ${endpoint.path}`)
    expect(ROLE_ROUTES.map(({ name }) => name).sort()).toEqual(names.sort())
  })
  it('has a column for each role', () => {
    expect([...CALLERS].sort()).toEqual(['none', 'ended', ...ROLES].sort())
  })

  it.each(CALLERS)('holds for the caller: %s', async (caller) => {
    const wrong: string[] = []
    for (const { endpoint, handler } of served) {
      const name = `${endpoint.method} ${endpoint.path}`
      const expected = ROLE_ROUTES.find((row) => row.name === name)?.expected[caller]
      const status = await statusOf(endpoint, handler, caller)
      const met = expected === 'in' ? status !== 401 && status !== 403 : status === expected
      if (!met) wrong.push(`${name}: ${status}, and the table says ${expected}`)
    }
    expect(wrong).toEqual([])
  })
})
