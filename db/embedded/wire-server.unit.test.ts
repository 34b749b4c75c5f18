import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { query, startup } from './wire-messages.ts'
import { createWireServer } from './wire-server.ts'

const HELLO = startup(
  new Map([
    ['user', 'postgres'],
    ['database', 'postgres'],
  ]),
)
const MORE_THAN_A_SOCKET_HOLDS = Buffer.alloc(20_000_000, 'x')

let folder: string
let server: Server
let inTransaction: boolean
const backend = {
  async execute(bytes: Buffer, onAnswer: (answer: Buffer) => void): Promise<void> {
    if (bytes.includes('begin')) inTransaction = true
    if (bytes.includes('rollback')) inTransaction = false
    onAnswer(bytes.includes('begin') ? MORE_THAN_A_SOCKET_HOLDS : Buffer.from('answer'))
  },
  isInTransaction: () => inTransaction,
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  folder = mkdtempSync(path.join(tmpdir(), 'sr-wire-'))
  inTransaction = false
  server = createWireServer(backend, Buffer.from('hello'), (error) => expect.unreachable(String(error)))
  server.listen(path.join(folder, 's'))
  await once(server, 'listening')
})
afterEach(() => {
  vi.useRealTimers()
  server.close()
  rmSync(folder, { recursive: true })
})

it('serves the others although a client that left a transaction open reads no more', async () => {
  const silent = connect(path.join(folder, 's'))
  silent.on('error', () => {})
  silent.write(Buffer.concat([HELLO, query('begin')]))
  await vi.waitUntil(() => inTransaction)
  const other = connect(path.join(folder, 's'))
  other.write(Buffer.concat([HELLO, query('select 1')]))
  let heard = ''
  other.on('data', (bytes) => {
    heard += bytes
  })
  await vi.waitUntil(() => heard === 'hello')

  vi.advanceTimersByTime(59_000)
  expect(inTransaction).toBe(true)
  vi.advanceTimersByTime(5_000)
  await vi.waitUntil(() => heard === 'helloanswer')
  expect(inTransaction).toBe(false)
  silent.destroy()
  other.destroy()
})
