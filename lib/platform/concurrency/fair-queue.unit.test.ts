import { describe, expect, it } from 'vitest'
import { FairQueue } from './fair-queue.ts'

const queueOf = (places: number, waiting = 10, waitingPerCaller = 8) =>
  new FairQueue({ places, waiting, waitingPerCaller })

/** Work that ends when it is told to; `order` says who began. */
function openWork(queue: FairQueue) {
  const order: string[] = []
  const begin = (caller: string, name = caller, signal?: AbortSignal) => {
    const gate = Promise.withResolvers<void>()
    const done = queue.run(caller, signal, async () => {
      order.push(name)
      await gate.promise
      return name
    })
    return { done, end: gate.resolve }
  }
  return { order, begin }
}

describe('a fair queue', () => {
  it('lets another caller before the second request of one who has a place', async () => {
    const { order, begin } = openWork(queueOf(1))
    const [first, second, other] = [begin('a', 'a1'), begin('a', 'a2'), begin('b')]
    for (const work of [first, second, other]) work.end()
    await Promise.all([first.done, second.done, other.done])
    expect(order).toEqual(['a1', 'a2', 'b'])
    const free = openWork(queueOf(2))
    const works = [free.begin('a', 'a1'), free.begin('a', 'a2'), free.begin('b')]
    await Promise.resolve()
    expect(free.order).toEqual(['a1', 'b']) // though a place was free when a asked again
    for (const work of works) work.end()
    await Promise.all(works.map(({ done }) => done))
    expect(free.order).toEqual(['a1', 'b', 'a2'])
  })

  it.each([1, 2, 4])(
    'refuses the tenth request of a caller of %i places, and takes every other caller',
    async (places) => {
      const { begin } = openWork(queueOf(places))
      const mine = Array.from({ length: 9 }, () => begin('a'))
      await expect(begin('a').done).rejects.toMatchObject({
        kind: 'TOO_MANY_REQUESTS',
        code: 'TOO_MANY_READS',
        details: { retryAfterSeconds: 2 },
      })
      const other = begin('b')
      for (const work of [...mine, other]) work.end()
      expect(await Promise.all([...mine, other].map(({ done }) => done))).toEqual([
        ...Array(9).fill('a'),
        'b',
      ])
      const later = begin('a')
      later.end()
      expect(await later.done).toBe('a')
    },
  )

  it('lets another caller wait for one turn of a caller who has many', async () => {
    const { order, begin } = openWork(queueOf(1))
    const works = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'].map((name) => begin(name.charAt(0), name))
    for (const work of works) work.end()
    await Promise.all(works.map(({ done }) => done))
    expect(order).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4'])
  })

  it('has as many turns of one caller as it is told', async () => {
    const { begin } = openWork(queueOf(2, 10, 1))
    const works = [begin('a'), begin('a')]
    await expect(begin('a').done).rejects.toThrow('2 of your requests')
    for (const work of works) work.end()
    await Promise.all(works.map(({ done }) => done))
  })

  it('refuses every caller beyond its length', async () => {
    const { begin } = openWork(queueOf(1, 2))
    const works = [begin('a'), begin('b'), begin('c')]
    await expect(begin('d').done).rejects.toMatchObject({ kind: 'UNAVAILABLE', code: 'BUSY' })
    for (const work of works) work.end()
    await Promise.all(works.map(({ done }) => done))
  })

  it('forgets who leaves while waiting, and holds the place of who leaves while working until the work ends', async () => {
    const { order, begin } = openWork(queueOf(1))
    const [leaves, leavesToo] = [new AbortController(), new AbortController()]
    const working = begin('a', 'a', leavesToo.signal)
    const waiting = begin('b', 'b', leaves.signal)
    const last = begin('c')
    leaves.abort(new Error('gone'))
    await expect(waiting.done).rejects.toThrow('gone')
    leavesToo.abort(new Error('gone'))
    await Promise.resolve()
    expect(order).toEqual(['a'])
    working.end()
    last.end()
    await last.done
    expect(order).toEqual(['a', 'c'])
    await expect(begin('d', 'd', AbortSignal.abort(new Error('gone'))).done).rejects.toThrow('gone')
  })

  it('gives the place of work that fails to the next', async () => {
    const queue = queueOf(1)
    const failing = queue.run('a', undefined, () => Promise.reject(new Error('failed')))
    const next = queue.run('b', undefined, async () => 'b')
    await expect(failing).rejects.toThrow('failed')
    expect(await next).toBe('b')
  })

  it('takes a place back once, however often it is given back', async () => {
    const queue = queueOf(1)
    const leave = await queue.enter('a', undefined)
    leave()
    const leaveOther = await queue.enter('b', undefined)
    leave()
    const { order, begin } = openWork(queue)
    const waiting = begin('c')
    await Promise.resolve()
    expect(order).toEqual([])
    leaveOther()
    waiting.end()
    await waiting.done
  })
})
