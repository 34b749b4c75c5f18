import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type GateCall, HANG_SECONDS, StoreGate } from './store-gate.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const away = {
  kind: 'UNAVAILABLE',
  code: 'STORE_AWAY',
  message: expect.stringContaining('The folder /share'),
}
const open = (onHang?: () => void) =>
  new StoreGate({
    name: 'The folder /share',
    places: { look: 1, read: 2 },
    ...(onHang === undefined ? {} : { onHang }),
  })
const never = () => new Promise<never>(() => {})
const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1000)

/** A call as stores make it, with its end as a value. */
function call<T>(gate: StoreGate, work: (call: GateCall) => Promise<T>, lane: 'look' | 'read' = 'read') {
  const asked = async () => {
    gate.pass()
    return await gate.run(lane, work)
  }
  return asked().catch((error: unknown) => error)
}

describe('a store that hangs', () => {
  it('costs its caller the limit, those who wait nothing more, and later ones no time at all', async () => {
    const gate = open()
    const first = [call(gate, never), call(gate, never), call(gate, never)]
    await seconds(HANG_SECONDS)
    for (const outcome of first) expect(await outcome).toMatchObject(away)
    const work = vi.fn(async () => 'answer')
    expect(await call(gate, work)).toMatchObject(away)
    expect(work).not.toHaveBeenCalled()
  })

  it('is asked by one call alone after its rest, and by all when that one is answered', async () => {
    const gate = open()
    const hung = call(gate, never)
    await seconds(HANG_SECONDS)
    await hung
    await seconds(6)
    const { promise, resolve } = Promise.withResolvers<string>()
    const probe = call(gate, () => promise)
    expect(await call(gate, async () => 'too early')).toMatchObject(away)
    resolve('it is back')
    expect(await probe).toBe('it is back')
    expect(await call(gate, async () => 'all')).toBe('all')
  })

  it('stays away when the call that tries hangs too', async () => {
    const gate = open()
    void call(gate, never)
    await seconds(HANG_SECONDS + 6)
    const probe = call(gate, never)
    await seconds(HANG_SECONDS)
    expect(await probe).toMatchObject(away)
    expect(await call(gate, async () => 'answer')).toMatchObject(away)
  })

  it('does not keep looks waiting while reads hang, and its calls are told that they are given up', async () => {
    const gate = open()
    let signal: AbortSignal | undefined
    const reads = [1, 2, 3].map(() =>
      call(gate, (given) => {
        signal = given.signal
        return never()
      }),
    )
    expect(await call(gate, async () => 'seen', 'look')).toBe('seen')
    await seconds(HANG_SECONDS)
    await Promise.all(reads)
    expect(signal?.aborted).toBe(true)
  })
})

describe('a store that is slow', () => {
  it('is waited for as long as something arrives', async () => {
    const gate = open()
    const { promise, resolve } = Promise.withResolvers<string>()
    let progress = () => {}
    const slow = call(gate, (given) => {
      progress = given.progress
      return promise
    })
    for (let pieces = 0; pieces < 5; pieces++) {
      await seconds(HANG_SECONDS - 1)
      progress()
    }
    resolve('whole')
    expect(await slow).toBe('whole')
  })

  it('is not away because it refuses', async () => {
    const gate = open()
    expect(await call(gate, () => Promise.reject(new Error('no')))).toMatchObject({ message: 'no' })
    expect(await call(gate, async () => 'answer')).toBe('answer')
  })

  it('is asked so many calls at a time, the others in their order', async () => {
    const gate = open()
    const order: number[] = []
    let underWay = 0
    let most = 0
    await Promise.all(
      [1, 2, 3, 4, 5, 6].map((number) =>
        call(gate, async () => {
          order.push(number)
          most = Math.max(most, ++underWay)
          await Promise.resolve()
          underWay -= 1
        }),
      ),
    )
    expect(order).toEqual([1, 2, 3, 4, 5, 6])
    expect(most).toBe(2)
  })
})
