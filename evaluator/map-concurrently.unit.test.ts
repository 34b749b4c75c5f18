import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { mapConcurrently } from './map-concurrently.ts'

const never = new AbortController().signal

describe('mapConcurrently', () => {
  it('gives every result once, the quickest first', async () => {
    const results: number[] = []
    const work = (milliseconds: number) => sleep(milliseconds, milliseconds)
    for await (const result of mapConcurrently([60, 5, 30], 3, work, never)) results.push(result)
    expect(results).toEqual([5, 30, 60])
  })
  it('starts nothing while the consumer does not ask', async () => {
    let started = 0
    const work = async () => ++started
    const results = mapConcurrently(Array.from({ length: 10 }), 2, work, never)
    await results.next()
    await sleep(20)
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
