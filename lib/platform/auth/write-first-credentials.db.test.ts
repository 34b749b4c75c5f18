import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { accounts, apiKeys, users } from '#db/schema/auth.ts'
import { verifyAuditChain } from '#lib/platform/audit/verify-chain.ts'
import { taskActor } from '#lib/platform/context.ts'
import { ROLES } from '#lib/platform/permissions.ts'
import { openTestService, TEST_BASE_URL, type TestService } from '#tests/support/test-service.ts'
import { createUser } from './create-user.ts'
import { findApiKeyActor } from './find-api-key-actor.ts'
import { verifyPassword } from './hash-password.ts'
import { credentialsPath, type DemoCredentials, writeFirstCredentials } from './write-first-credentials.ts'

let test: TestService
beforeEach(async () => {
  test = await openTestService({ DEMO: 'access' })
})
afterEach(() => test.close())

const file = () => credentialsPath(test.service.settings.dataDir)
const written = (): DemoCredentials => JSON.parse(readFileSync(file(), 'utf8'))
async function expectUsable(credentials: DemoCredentials): Promise<void> {
  const actor = await findApiKeyActor(test.service.db, credentials.apiKey, new Date())
  expect(actor?.roles).toEqual(ROLES)
  for (const { email, role, password } of credentials.users) {
    const [row] = await test.service.db
      .select({ hash: accounts.password, roles: users.roles })
      .from(users)
      .innerJoin(accounts, eq(accounts.userId, users.id))
      .where(eq(users.email, email))
    expect(row?.roles).toEqual([role])
    expect(await verifyPassword({ hash: row?.hash ?? '', password })).toBe(true)
  }
}

describe('writeFirstCredentials', () => {
  it('makes one person per role and a key of every role, for the owner’s eyes only', async () => {
    await writeFirstCredentials(test.service)
    expect(statSync(file()).mode & 0o777).toBe(0o600)
    const credentials = written()
    expect(credentials.url).toBe(TEST_BASE_URL)
    expect(credentials.users.map(({ role }) => role)).toEqual(ROLES)
    await expectUsable(credentials)
    expect(await verifyAuditChain(test.service.db)).toEqual({ ok: true, checked: ROLES.length + 1 })
  })

  it('keeps what works at the next start, and follows a new address', async () => {
    await writeFirstCredentials(test.service)
    const first = written()
    await writeFirstCredentials(test.service)
    expect(written()).toEqual(first)
    const moved = {
      ...test.service,
      settings: { ...test.service.settings, baseUrl: 'http://127.0.0.1:4001' },
    }
    await writeFirstCredentials(moved)
    expect(written()).toEqual({ ...first, url: 'http://127.0.0.1:4001' })
  })

  it.each([
    ['is missing', () => rmSync(file())],
    ['was cut off', () => writeFileSync(file(), readFileSync(file(), 'utf8').slice(0, 50))],
    [
      'is of another database',
      () => writeFileSync(file(), JSON.stringify({ ...written(), apiKey: 'sr_other' })),
    ],
  ])('makes new ones, and ends the old, when the file %s', async (_what, spoil) => {
    await writeFirstCredentials(test.service)
    const old = written()
    spoil()
    await writeFirstCredentials(test.service)
    await expectUsable(written())
    expect(await findApiKeyActor(test.service.db, old.apiKey, new Date())).toBeNull()
    expect(await test.service.db.$count(users)).toBe(ROLES.length)
    expect(await test.service.db.$count(apiKeys)).toBe(2)
  })

  it('leaves a database with people of its own alone', async () => {
    const context = { db: test.service.db, actor: taskActor('test'), now: new Date(), requestId: 'r' }
    await createUser(context, {
      email: 'a@b.example',
      name: 'A',
      password: 'long enough, yes',
      roles: ['ml-lead'],
    })
    await writeFirstCredentials(test.service)
    expect(existsSync(file())).toBe(false)
    expect(await test.service.db.$count(users)).toBe(1)
  })

  it('does nothing where the service is no demo', async () => {
    await writeFirstCredentials({ ...test.service, settings: { ...test.service.settings, demo: 'off' } })
    expect(existsSync(file())).toBe(false)
    expect(await test.service.db.$count(users)).toBe(0)
  })
})
