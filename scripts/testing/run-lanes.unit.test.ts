import { expect, it } from 'vitest'
import { runLanes } from './run-lanes.js'

const suite = (name: string, lane: string) => ({ name, lane })
const SUITES = [suite('a1', 'a'), suite('b1', 'b'), suite('a2', 'a'), suite('b2', 'b')]
const never = new AbortController().signal

/** Suites that end when they are told to. */
function controlled() {
  const running = new Map<string, () => void>()
  const run = ({ name }: { name: string }) =>
    new Promise<string>((resolve) => {
      running.set(name, () => {
        running.delete(name)
        resolve(name)
      })
    })
  const end = async (name: string) => {
    running.get(name)?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { running, run, end }
}

it('runs one suite of each lane at a time, and gives the results in the order of the suites', async () => {
  const { running, run, end } = controlled()
  const results = runLanes(SUITES, run, never)
  expect([...running.keys()]).toEqual(['a1', 'b1'])
  await end('b1')
  expect([...running.keys()]).toEqual(['a1', 'b2'])
  await end('b2')
  expect([...running.keys()]).toEqual(['a1'])
  await end('a1')
  await end('a2')
  expect(await results).toEqual(['a1', 'b1', 'a2', 'b2'])
})

it('begins no suite any more once the run is given up', async () => {
  const { running, run, end } = controlled()
  const stop = new AbortController()
  const results = runLanes(SUITES, run, stop.signal)
  stop.abort()
  await end('a1')
  await end('b1')
  expect(running.size).toBe(0)
  expect(await results).toEqual(['a1', 'b1'])
})
