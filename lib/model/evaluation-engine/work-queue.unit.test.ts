import { describe, expect, test } from 'vitest'
import type { RunItem } from '#lib/model/evaluation-run/manifest.ts'
import { WorkQueue } from './work-queue.ts'

const item = (imageId: number): RunItem => ({
  imageId,
  sha256: String(imageId),
  objectKey: `a/${imageId}`,
  sizeBytes: 1,
  sendBytes: false,
})
const never = new AbortController().signal

/** A manifest in memory of which images are struck off as they are answered. */
function manifest(count: number, pageSize: number) {
  const missing = new Set(Array.from({ length: count }, (_, index) => index + 1))
  let reads = 0
  const queue = new WorkQueue({
    listMissing: async (after) => {
      reads += 1
      return [...missing]
        .filter((id) => id > after)
        .slice(0, pageSize)
        .map(item)
    },
    beforeWalk: async () => {},
    chunkItems: 4,
  })
  return { missing, queue, reads: () => reads }
}

describe('the work queue', () => {
  test('hands every image to exactly one of several takers', async () => {
    const { missing, queue } = manifest(50, 7)
    const seen: number[] = []
    const taker = async () => {
      for (let chunk = await queue.take(never); chunk !== null; chunk = await queue.take(never)) {
        for (const { imageId } of chunk.items) {
          seen.push(imageId)
          missing.delete(imageId)
        }
        await new Promise((resolve) => setImmediate(resolve))
        queue.settle()
      }
    }
    await Promise.all([taker(), taker(), taker()])
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1))
  })

  test('hands out again what comes back, and waits for it before it says that nothing is left', async () => {
    const { missing, queue } = manifest(3, 10)
    const chunk = await queue.take(never)
    const waiting = queue.take(never)
    queue.settle(chunk === null ? [] : [chunk])
    expect((await waiting)?.items.map(({ imageId }) => imageId)).toEqual([1, 2, 3])
    missing.clear()
    queue.settle()
    expect(await queue.take(never)).toBeNull()
  })

  test('walks again for what was not answered the first time', async () => {
    const { missing, queue } = manifest(2, 10)
    await queue.take(never)
    missing.delete(1)
    queue.settle()
    expect((await queue.take(never))?.items.map(({ imageId }) => imageId)).toEqual([2])
  })

  test('lets go of a taker that is stopped', async () => {
    const { queue } = manifest(2, 10)
    await queue.take(never)
    const stop = new AbortController()
    const waiting = queue.take(stop.signal)
    stop.abort(new Error('stopped'))
    await expect(waiting).rejects.toThrow('stopped')
  })

  test('sends the bytes of what is handed out once one image was unreachable', async () => {
    const { queue } = manifest(6, 10)
    expect((await queue.take(never))?.items.every(({ sendBytes }) => !sendBytes)).toBe(true)
    queue.sendBytes()
    expect((await queue.take(never))?.items.every(({ sendBytes }) => sendBytes)).toBe(true)
  })
})
