import { setImmediate as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { newRenderQueue } from './render-queue.ts'

function held() {
  const releases: (() => void)[] = []
  const begun: string[] = []
  const work = (name: string) => () => {
    begun.push(name)
    return new Promise<string>((resolve) => releases.push(() => resolve(name)))
  }
  return { releases, begun, work }
}

test('begins no more at once than there are places, and urgent work before what waits', async () => {
  const { releases, begun, work } = held()
  const queue = newRenderQueue(2)
  const all = ['a', 'b', 'c', 'd'].map((name) => queue.run(work(name), { urgent: false }))
  all.push(queue.run(work('urgent'), { urgent: true }))
  await pause()
  expect(begun).toEqual(['a', 'b'])
  while (begun.length < 5 || releases.length > 0) {
    releases.shift()?.()
    await pause()
  }
  expect(begun).toEqual(['a', 'b', 'urgent', 'c', 'd'])
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd', 'urgent'])
})

test('refuses more than may wait, and says when to come back', async () => {
  const { work } = held()
  const queue = newRenderQueue(1, 1)
  void queue.run(work('runs'), { urgent: false })
  void queue.run(work('waits'), { urgent: false })
  await expect(queue.run(work('too many'), { urgent: false })).rejects.toMatchObject({
    kind: 'UNAVAILABLE',
    code: 'RENDERER_BUSY',
    details: { retryAfterSeconds: 5 },
  })
})

test('forgets what no client waits for any more, and goes on after a failure', async () => {
  const { releases, begun, work } = held()
  const queue = newRenderQueue(1)
  const failing = queue.run(() => Promise.reject(new Error('broken')), { urgent: false })
  const first = queue.run(work('first'), { urgent: false })
  const gone = new AbortController()
  const dropped = queue.run(work('dropped'), { urgent: false, signal: gone.signal })
  gone.abort()
  await expect(dropped).rejects.toMatchObject({ code: 'STOPPING' })
  await expect(failing).rejects.toThrow('broken')
  await pause()
  releases.shift()?.()
  expect(await first).toBe('first')
  expect(begun).toEqual(['first'])
})
