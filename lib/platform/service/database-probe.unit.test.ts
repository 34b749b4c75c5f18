import { expect, it } from 'vitest'
import { DatabaseProbe } from './database-probe.ts'

const SOON_MS = 1
const EVENTUALLY_MS = 60_000

/** A database that answers when it is told to. */
function heldDatabase() {
  const asked: PromiseWithResolvers<void>[] = []
  const probe = new DatabaseProbe(() => {
    const question = Promise.withResolvers<void>()
    asked.push(question)
    return question.promise
  })
  return { probe, asked }
}

it('is ok when it answers, and one question serves all who ask', async () => {
  const { probe, asked } = heldDatabase()
  const states = [probe.ask(EVENTUALLY_MS), probe.ask(EVENTUALLY_MS)]
  asked[0]?.resolve()
  expect(await Promise.all(states)).toEqual([{ state: 'ok' }, { state: 'ok' }])
  expect(asked).toHaveLength(1)
})

it('is busy while it is late, however often it is asked, and ok afterwards', async () => {
  const { probe, asked } = heldDatabase()
  for (let times = 0; times < 3; times++) expect(await probe.ask(SOON_MS)).toEqual({ state: 'busy' })
  expect(asked).toHaveLength(1)
  const state = probe.ask(EVENTUALLY_MS)
  asked[0]?.resolve()
  expect(await state).toEqual({ state: 'ok' })
})

it('is down when the question fails, and while the next one is late', async () => {
  const { probe, asked } = heldDatabase()
  const error = new Error('Query read timeout')
  const state = probe.ask(EVENTUALLY_MS)
  asked[0]?.reject(error)
  expect(await state).toEqual({ state: 'down', error })
  expect(await probe.ask(SOON_MS)).toEqual({ state: 'down', error })
  const later = probe.ask(EVENTUALLY_MS)
  asked[1]?.resolve()
  expect(await later).toEqual({ state: 'ok' })
})
