import { describe, expect, it } from 'vitest'
import { mapConcurrently } from './map-concurrently.ts'

const never = new AbortController().signal

describe('mapConcurrently', () => {
  it('gives every result once, the quickest first', async () => {
    const results: number[] = []
    const ended = [60, 5, 30].map((id) => ({ id, ...Promise.withResolvers<number>() }))
    const end = (id: number) => ended.find((each) => each.id === id)?.resolve(id)
    end(5)
    for await (const result of mapConcurrently(ended, 3, ({ promise }) => promise, never)) {
      results.push(result)
      end(result === 5 ? 30 : 60)
    }
    expect(results).toEqual([5, 30, 60])
  })
  it('starts nothing while the consumer does not ask', async () => {
    let started = 0
    const work = async () => ++started
    const results = mapConcurrently(Array.from({ length: 10 }), 2, work, never)
    await results.next()
    await new Promise((resolve) => setImmediate(resolve))
    expect(started).toBe(2)
    await results.return(undefined)
  })
  it('starts nothing more once it is aborted, and finishes what runs', async () => {
    const abort = new AbortController()
    const results: number[] = []
    for await (const result of mapConcurrently([1, 2, 3, 4, 5], 2, async (item) => item, abort.signal)) {
      results.push(result)
      abort.abort()
    }
    expect(results).toEqual([1, 2])
  })
})
