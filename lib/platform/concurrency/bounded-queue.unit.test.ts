import { describe, expect, it } from 'vitest'
import { ServiceError } from '#lib/platform/errors.ts'
import { BoundedQueue, type QueueOptions, type Turn } from './bounded-queue.ts'

const REFUSALS = {
  refuseFull: () => new ServiceError('UNAVAILABLE', 'Full.', { code: 'FULL' }),
  refuseOwn: (count: number) => new ServiceError('TOO_MANY_REQUESTS', `You have ${count}.`, { code: 'OWN' }),
}
const queueOf = (options: Partial<QueueOptions> = {}) =>
  new BoundedQueue({ places: 1, waiting: 10, waitingPerCaller: 8, ...REFUSALS, ...options })
/** A caller has one place at most. */
const fairQueueOf = (places: number, options: Partial<QueueOptions> = {}) =>
  queueOf({ places, placesPerCaller: 1, ...options })

/** Work that ends when it is told to; `order` says who began, `most` how many at once. */
function openWork(queue: BoundedQueue) {
  const order: string[] = []
  const seen = { atWork: 0, most: 0 }
  const begin = (name: string, turn: Turn = { caller: name.charAt(0) }) => {
    const gate = Promise.withResolvers<void>()
    const done = queue.run(async () => {
      order.push(name)
      seen.most = Math.max(seen.most, ++seen.atWork)
      await gate.promise
      seen.atWork -= 1
      return name
    }, turn)
    return { done, end: gate.resolve }
  }
  const endAll = async (works: { done: Promise<string>; end: () => void }[]) => {
    for (const work of works) work.end()
    return await Promise.all(works.map(({ done }) => done))
  }
  return { order, begin, endAll, seen }
}

describe('a bounded queue', () => {
  it('does no more at once than it may, in order, and refuses who finds no place', async () => {
    const queue = queueOf({ places: 2, waiting: 4 })
    const { begin, endAll, order, seen } = openWork(queue)
    const works = ['1', '2', '3', '4', '5', '6'].map((name) => begin(name, {}))
    expect(queue.length).toBe(4)
    await expect(begin('7', {}).done).rejects.toMatchObject({ kind: 'UNAVAILABLE', code: 'FULL' })
    expect(await endAll(works)).toEqual(['1', '2', '3', '4', '5', '6'])
    expect([order, seen.most, queue.length]).toEqual([['1', '2', '3', '4', '5', '6'], 2, 0])
  })

  it('keeps a place for others than the one who asks most', async () => {
    const { begin, endAll } = openWork(queueOf({ places: 2, waiting: 4, waitingPerCaller: 3 }))
    const works = ['a1', 'a2', 'a3', 'a4', 'a5'].map((name) => begin(name))
    await expect(begin('a6').done).rejects.toMatchObject({ code: 'OWN', message: 'You have 5.' })
    expect(await endAll([...works, begin('b1')])).toContain('b1')
  })

  it('begins urgent work before what waits, and urgent work of callers in turn', async () => {
    const { begin, endAll, order } = openWork(queueOf())
    const works = [begin('a1'), begin('a2'), begin('b1')]
    for (const name of ['c1', 'c2', 'd1']) works.push(begin(name, { caller: name.charAt(0), urgent: true }))
    await endAll(works)
    expect(order).toEqual(['a1', 'c1', 'd1', 'c2', 'a2', 'b1'])
  })

  it('forgets who leaves while waiting, with the error that it was given', async () => {
    const { begin, endAll, order } = openWork(queueOf({ waiting: 1, leave: () => new Error('left') }))
    const leaving = new AbortController()
    const first = begin('first', {})
    const left = begin('left', { signal: leaving.signal })
    leaving.abort()
    await expect(left.done).rejects.toThrow('left')
    const next = begin('next', {})
    await expect(begin('late', { signal: leaving.signal }).done).rejects.toThrow('left')
    await endAll([first, next])
    expect(order).toEqual(['first', 'next'])
  })

  it('holds the place of who leaves while working until the work ends', async () => {
    const { order, begin } = openWork(queueOf())
    const [leaves, leavesToo] = [new AbortController(), new AbortController()]
    const working = begin('a', { caller: 'a', signal: leavesToo.signal })
    const waiting = begin('b', { caller: 'b', signal: leaves.signal })
    const last = begin('c')
    leaves.abort(new Error('gone'))
    await expect(waiting.done).rejects.toThrow('gone')
    leavesToo.abort(new Error('gone'))
    await new Promise((resolve) => setImmediate(resolve))
    expect(order).toEqual(['a'])
    working.end()
    last.end()
    expect(await working.done).toBe('a')
    await last.done
    expect(order).toEqual(['a', 'c'])
  })

  it('gives the place of work that fails to the next', async () => {
    const queue = queueOf()
    const failing = queue.run(() => Promise.reject(new Error('failed')), { caller: 'a' })
    const next = queue.run(async () => 'b', { caller: 'b' })
    await expect(failing).rejects.toThrow('failed')
    expect(await next).toBe('b')
  })

  it('takes a place back once, however often it is given back', async () => {
    const queue = queueOf()
    const leave = await queue.enter({ caller: 'a' })
    leave()
    const leaveOther = await queue.enter({ caller: 'b' })
    leave()
    const { order, begin } = openWork(queue)
    const waiting = begin('c')
    await new Promise((resolve) => setImmediate(resolve))
    expect(order).toEqual([])
    leaveOther()
    waiting.end()
    await waiting.done
  })
})

describe('callers of one place each', () => {
  it('leave a free place to others', async () => {
    const { order, begin, endAll } = openWork(fairQueueOf(2))
    const works = [begin('a1'), begin('a2'), begin('b1')]
    await Promise.resolve()
    expect(order).toEqual(['a1', 'b1']) // though a place was free when a asked again
    await endAll(works)
    expect(order).toEqual(['a1', 'b1', 'a2'])
  })

  it.each([1, 2, 4])('are refused the tenth request of %i places, and others are not', async (places) => {
    const { begin, endAll } = openWork(fairQueueOf(places))
    const mine = Array.from({ length: 9 }, () => begin('a'))
    await expect(begin('a').done).rejects.toMatchObject({ code: 'OWN', message: 'You have 9.' })
    expect(await endAll([...mine, begin('b')])).toEqual([...Array(9).fill('a'), 'b'])
    expect(await endAll([begin('a')])).toEqual(['a'])
  })

  it('wait for one turn of a caller who has many', async () => {
    const { order, begin, endAll } = openWork(fairQueueOf(1))
    await endAll(['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'].map((name) => begin(name)))
    expect(order).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'b2', 'a4'])
  })

  it('begin the next of their turns where one leaves that could begin', async () => {
    const { order, begin, endAll } = openWork(fairQueueOf(2))
    const leaving = new AbortController()
    const works = [begin('a1'), begin('b1'), begin('a2')]
    const left = begin('c1', { caller: 'c', signal: leaving.signal })
    leaving.abort(new Error('gone'))
    await expect(left.done).rejects.toThrow('gone')
    await endAll([...works, begin('d1')])
    expect(order.slice(0, 2)).toEqual(['a1', 'b1'])
    expect(order.slice(2).sort()).toEqual(['a2', 'd1'])
  })
})
