import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Database } from '#db/client.ts'
import { announceWork, onWorkAnnounced } from './announce-work.ts'
import { startLoop } from './loop.ts'

const IDLE_MS = 1000
/** No transaction: what is announced is there. */
const OUTSIDE = {} as Database
let steps: (() => Promise<boolean>)[]
let count: number
let errors: unknown[]

function start() {
  return startLoop({
    name: 'test',
    idleMs: IDLE_MS,
    step: async () => {
      count += 1
      return (await steps.shift()?.()) ?? false
    },
    onError: (error) => errors.push(error),
  })
}

beforeEach(() => {
  vi.useFakeTimers()
  steps = []
  count = 0
  errors = []
})
afterEach(() => void vi.useRealTimers())

describe('a background loop', () => {
  it('looks again at once after it did something, and after its pause otherwise', async () => {
    steps = [async () => true, async () => true]
    const loop = start()
    await vi.advanceTimersByTimeAsync(0)
    expect(count).toBe(3)
    await vi.advanceTimersByTimeAsync(IDLE_MS - 1)
    expect(count).toBe(3)
    await vi.advanceTimersByTimeAsync(1)
    expect(count).toBe(4)
    await loop.stop()
  })

  it('looks at once when work is announced in its pause', async () => {
    const loop = start()
    const forget = onWorkAnnounced(loop.wake)
    await vi.advanceTimersByTimeAsync(10)
    expect(count).toBe(1)
    announceWork(OUTSIDE)
    await vi.advanceTimersByTimeAsync(0)
    expect(count).toBe(2)
    forget()
    announceWork(OUTSIDE)
    await vi.advanceTimersByTimeAsync(10)
    expect(count).toBe(2)
    await loop.stop()
  })

  it('looks again when work is announced while it was looking in vain', async () => {
    const looking = Promise.withResolvers<boolean>()
    steps = [() => looking.promise]
    const loop = start()
    loop.wake()
    looking.resolve(false)
    await vi.advanceTimersByTimeAsync(0)
    expect(count).toBe(2)
    await loop.stop()
  })

  it('does not try sooner what failed because it is woken', async () => {
    steps = [() => Promise.reject(new Error('away'))]
    const loop = start()
    await vi.advanceTimersByTimeAsync(0)
    loop.wake()
    await vi.advanceTimersByTimeAsync(999)
    expect(count).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    expect(count).toBe(2)
    expect(errors).toHaveLength(1)
    await loop.stop()
  })

  it('ends in its pause when it is stopped, and looks no more', async () => {
    const loop = start()
    await vi.advanceTimersByTimeAsync(10)
    await loop.stop()
    loop.wake()
    await vi.advanceTimersByTimeAsync(10 * IDLE_MS)
    expect(count).toBe(1)
  })
})
