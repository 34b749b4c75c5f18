import { expect, test } from 'vitest'
import { EvaluatorSlots } from './evaluator-slots.ts'

const signal = new AbortController().signal
const URL = 'http://a'
const settled = async (promise: Promise<unknown>) =>
  await Promise.race([promise.then(() => true), new Promise((resolve) => setImmediate(() => resolve(false)))])

test('requests share an evaluator', async () => {
  const slots = new EvaluatorSlots()
  await slots.enter(URL, { exclusive: false, signal })
  expect(await settled(slots.enter(URL, { exclusive: false, signal }))).toBe(true)
})

test('a suspect has it alone: it waits for the others, and later ones wait for it', async () => {
  const slots = new EvaluatorSlots()
  const leave = await slots.enter(URL, { exclusive: false, signal })
  const suspect = slots.enter(URL, { exclusive: true, signal })
  const later = slots.enter(URL, { exclusive: false, signal })
  expect(await settled(suspect)).toBe(false)
  leave()
  const leaveSuspect = await suspect
  expect(await settled(later)).toBe(false)
  leaveSuspect()
  expect(await settled(later)).toBe(true)
})

test('another evaluator is not concerned', async () => {
  const slots = new EvaluatorSlots()
  await slots.enter(URL, { exclusive: true, signal })
  expect(await settled(slots.enter('http://b', { exclusive: true, signal }))).toBe(true)
})

test('one that gives up waiting is passed over', async () => {
  const slots = new EvaluatorSlots()
  const leave = await slots.enter(URL, { exclusive: false, signal })
  const stop = new AbortController()
  const suspect = slots.enter(URL, { exclusive: true, signal: stop.signal })
  const later = slots.enter(URL, { exclusive: false, signal })
  stop.abort(new Error('stopped'))
  await expect(suspect).rejects.toThrow('stopped')
  expect(await settled(later)).toBe(true)
  leave()
})
