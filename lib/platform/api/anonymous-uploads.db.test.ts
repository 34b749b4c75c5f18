import { afterAll, beforeAll, expect, it } from 'vitest'
import { POST as predict } from '#app/(compatibility)/predict/route.ts'
import { createApiKey } from '#lib/platform/auth/create-api-key.ts'
import { taskActor } from '#lib/platform/context.ts'
import { CLIENT_ADDRESS_HEADER } from '#lib/platform/http/client-address.ts'
import { openTestService, TEST_BASE_URL, type TestService } from '#tests/support/test-service.ts'
import { waitUntil } from '#tests/support/wait-until.ts'
import { anonymousBodies } from './anonymous-bodies.ts'

let test: TestService
let key: string
beforeAll(async () => {
  test = await openTestService({ COMPATIBILITY_API: 'open' })
  const context = { db: test.service.db, actor: taskActor('test'), now: new Date(), requestId: 'r' }
  key = (await createApiKey(context, { name: 'k', roles: ['ml-lead'] })).key
})
afterAll(() => test.close())

/** An upload of which the client sends nothing more, until it is ended. */
function upload(headers: Record<string, string>) {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given
      given.enqueue(Buffer.from('--B\r\n'))
    },
  })
  const answer = predict(
    new Request(`${TEST_BASE_URL}/predict/`, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=B', 'content-length': '1000', ...headers },
      body,
      duplex: 'half',
    } as RequestInit),
  )
  return { answer, end: () => controller?.error(new Error('gone')) }
}
const from = (address: string) => ({ [CLIENT_ADDRESS_HEADER]: address })
const held = () => anonymousBodies(test.service.settings).count

it('lets so many uploads wait for their end, of one address and of all, and keys beside them', async () => {
  const own = Array.from({ length: 32 }, () => upload(from('192.0.2.1')))
  await waitUntil('all are held', () => held() === 32)
  const beyond = await upload(from('192.0.2.1')).answer
  expect([beyond.status, (await beyond.json()).error.code]).toEqual([429, 'TOO_MANY_UPLOADS'])
  const others = Array.from({ length: 32 }, (_, index) => upload(from(`198.51.100.${index}`)))
  await waitUntil('all are held', () => held() === 64)
  const full = await upload(from('203.0.113.1')).answer
  expect([full.status, Number(full.headers.get('retry-after'))]).toEqual([503, 5])
  const signedIn = upload({ ...from('192.0.2.1'), authorization: `Bearer ${key}` })
  signedIn.end()
  expect((await signedIn.answer).status).toBe(400)
  for (const { end } of [...own, ...others]) end()
  const statuses = await Promise.all([...own, ...others].map(async ({ answer }) => (await answer).status))
  expect(new Set(statuses)).toEqual(new Set([400]))
  expect(held()).toBe(0)
})

/** A sign-in of which only the start arrives, until it is ended. */
function signInHalf(signIn: (request: Request) => Promise<Response>) {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given
    },
  })
  const address = `${TEST_BASE_URL}/api/auth/sign-in/email`
  const headers = { 'content-type': 'application/json', 'content-length': '100', ...from('192.0.2.1') }
  const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit
  return { answer: signIn(new Request(address, init)), end: () => controller?.error(new Error('gone')) }
}

it('takes no place for a sign-in, however many are begun and however many uploads wait', async () => {
  const { POST: signIn } = await import('#app/api/[...path]/route.ts')
  const begun = Array.from({ length: 70 }, () => signInHalf(signIn))
  const uploads = Array.from({ length: 32 }, () => upload(from('192.0.2.1')))
  await waitUntil('all uploads are held', () => held() === 32)
  const send = (password: string) =>
    signIn(
      new Request(`${TEST_BASE_URL}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...from('192.0.2.1') },
        body: JSON.stringify({ email: 'a@h.example', password }),
      }),
    )
  expect((await send('correct horse battery')).status).toBe(401)
  expect((await send('x'.repeat(20_000))).status).toBe(413)
  for (const { end } of [...begun, ...uploads]) end()
  const statuses = await Promise.all(begun.map(async ({ answer }) => (await answer).status))
  expect(new Set(statuses)).toEqual(new Set([400]))
  await Promise.all(uploads.map(({ answer }) => answer))
  expect(held()).toBe(0)
})
