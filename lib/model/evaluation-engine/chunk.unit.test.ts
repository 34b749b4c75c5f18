import { describe, expect, test } from 'vitest'
import type { RunItem } from '#lib/model/evaluation-run/manifest.ts'
import { afterBreak, type Chunk, chunksOf, isSuspect } from './chunk.ts'

const item = (imageId: number, changes: Partial<RunItem> = {}): RunItem => ({
  imageId,
  sha256: String(imageId),
  objectKey: `a/${imageId}`,
  sizeBytes: 10_000_000,
  sendBytes: false,
  ...changes,
})
const items = (count: number, changes?: Partial<RunItem>) =>
  Array.from({ length: count }, (_, index) => item(index, changes))
const sizes = (chunks: Chunk[]) => chunks.map((chunk) => chunk.items.length)

describe('chunks', () => {
  test('hold so many items at most', () => {
    expect(sizes(chunksOf(items(10), 4))).toEqual([4, 4, 2])
  })
  test('hold so many bytes at most where the bytes travel', () => {
    expect(sizes(chunksOf(items(5, { sendBytes: true }), 4))).toEqual([2, 2, 1])
  })
  test('hold one image that is larger than the limit alone', () => {
    const large = item(1, { sendBytes: true, sizeBytes: 40_000_000 })
    expect(sizes(chunksOf([item(0, { sendBytes: true }), large, item(2, { sendBytes: true })], 9))).toEqual([
      1, 1, 1,
    ])
  })
})

describe('after a broken request', () => {
  const chunk = (count: number, attemptsWithoutAnswer = 0): Chunk => ({
    items: items(count),
    attemptsWithoutAnswer,
  })

  test('what came counts, and the rest is asked again without suspicion', () => {
    const { again, givenUp } = afterBreak(chunk(8, 1), items(5))
    expect(sizes(again)).toEqual([5])
    expect(again.some(isSuspect)).toBe(false)
    expect(givenUp).toEqual([])
  })
  test('without any line the whole is asked again, apart from others', () => {
    const { again } = afterBreak(chunk(8), items(8))
    expect(sizes(again)).toEqual([8])
    expect(again.every(isSuspect)).toBe(true)
  })
  test('without any line twice it is halved', () => {
    const { again, givenUp } = afterBreak(chunk(7, 1), items(7))
    expect(sizes(again)).toEqual([4, 3])
    expect(again.every(isSuspect)).toBe(true)
    expect(givenUp).toEqual([])
  })
  test('one image is given up after two failures of its own', () => {
    const first = afterBreak(chunk(1), items(1))
    expect(first.givenUp).toEqual([])
    const [again] = first.again
    expect(again && afterBreak(again, again.items)).toEqual({ again: [], givenUp: items(1) })
  })
  test('nothing is left to do when every line came', () => {
    expect(afterBreak(chunk(3), [])).toEqual({ again: [], givenUp: [] })
  })

  test.each([1, 2, 3, 64, 256])('of %i images only the one that kills the evaluator is given up', (count) => {
    const poison = Math.floor(count / 3)
    const waiting: Chunk[] = [chunk(count)]
    const lost: number[] = []
    let requests = 0
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      requests += 1
      if (!next.items.some(({ imageId }) => imageId === poison)) continue
      const { again, givenUp } = afterBreak(next, next.items)
      waiting.push(...again)
      lost.push(...givenUp.map(({ imageId }) => imageId))
    }
    expect(lost).toEqual([poison])
    expect(requests).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(count)) + 6)
  })
})
