import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { users } from '#db/schema/auth.ts'
import { openTestService, type TestService } from '#tests/support/test-service.ts'
import { findFirstAccess } from './find-first-access.ts'

let test: TestService
beforeAll(async () => {
  test = await openTestService()
})
afterAll(() => test.close())
beforeEach(async () => {
  await test.service.db.delete(users)
})

const found = (demo: 'on' | 'access' | 'off') =>
  findFirstAccess({ db: test.service.db, settings: { ...test.service.settings, demo } })
const addPerson = (email: string, isDemo: boolean) =>
  test.service.db.insert(users).values({ id: email, email, name: email, roles: ['read-only'], isDemo })

it('names the setup link while there is no account', async () => {
  expect(await found('off')).toBe('setup-link')
  await addPerson('ada@h.example', false)
  expect(await found('off')).toBe('own-account')
})

it('names the file of accounts where the demo has made some', async () => {
  expect(await found('on')).toBe('own-account')
  await addPerson('ada@h.example', false)
  await addPerson('reviewer@second-reader.example', true)
  expect(await found('on')).toBe('demo-credentials')
  expect(await found('access')).toBe('demo-credentials')
})

it('says nothing of demo accounts once the demo is off', async () => {
  await addPerson('reviewer@second-reader.example', true)
  expect(await found('off')).toBe('own-account')
})
