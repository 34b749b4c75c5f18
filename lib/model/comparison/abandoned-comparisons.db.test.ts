import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { BoundedQueue } from '#lib/platform/concurrency/bounded-queue.ts'
import { heavyReadsOf } from '#lib/platform/concurrency/heavy-reads.ts'
import { ABC, type ComparisonBench, openComparisonBench, rowsOf } from '#tests/support/test-comparisons.ts'
import { waitUntil } from '#tests/support/wait-until.ts'

let bench: ComparisonBench
let reads: BoundedQueue
let address: string
let seed = 0

beforeAll(async () => {
  bench = await openComparisonBench()
  reads = heavyReadsOf(bench.db).reads
  address = `${await importPair('asked')}&resamples=200`
})
afterAll(() => bench.close())
beforeEach(() => {
  seed += 1000 // no question of another test
})

/** Two versions whose answers are not read yet. */
async function importPair(dataset: string): Promise<string> {
  const importWrong = (wrong: number) =>
    bench.importVersion(
      dataset,
      ABC,
      rowsOf(60, (i) => i % wrong === 0),
    )
  const [baseline, candidate] = [await importWrong(5), await importWrong(6)]
  return `/api/model-comparisons?baseline=${baseline}&candidate=${candidate}&dataset=${dataset}`
}

const ask = (at: number, signal: AbortSignal | null = null) =>
  bench.call('GET', `${address}&seed=${seed + at}`, undefined, {}, signal)

/** Takes every place, however many this machine has; returns how to wait for more turns, and the way out. */
async function holdPlaces() {
  const held: Promise<() => void>[] = []
  const stop = new AbortController()
  while (reads.length === 0) held.push(reads.enter({ caller: `other ${held.length}`, signal: stop.signal }))
  stop.abort() // the last one had to wait: now all places are held, and no turn waits
  const leave = async () => {
    for (const entered of await Promise.allSettled(held)) if (entered.status === 'fulfilled') entered.value()
  }
  await Promise.allSettled(held)
  return { turnsWait: (count: number) => waitUntil('turns wait', () => reads.length === count), leave }
}

test('who has eight questions waiting is told to come back, and the same question is asked once', async () => {
  const places = await holdPlaces()
  const first = Array.from({ length: 8 }, (_, at) => ask(at))
  await places.turnsWait(8)
  for (const refused of await Promise.all([10, 11, 12].map((at) => ask(at)))) {
    expect([refused.status, refused.body.error.code]).toEqual([429, 'TOO_MANY_READS'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  }
  const same = ask(0)
  await places.leave()
  const answers = await Promise.all([...first, same])
  expect(answers.map(({ status }) => status)).toEqual(Array(9).fill(200))
})

test('sixty questions of a caller who left are not computed, and the next has the first turn', async () => {
  const places = await holdPlaces()
  const leave = new AbortController()
  const abandoned = Array.from({ length: 60 }, (_, at) => ask(at, leave.signal))
  await places.turnsWait(8)
  leave.abort()
  const statuses = (await Promise.all(abandoned)).map(({ status }) => status)
  expect(statuses.filter((status) => status !== 499 && status !== 429)).toEqual([])
  expect(reads.length).toBe(0)
  const honest = ask(100)
  await places.turnsWait(1)
  await places.leave()
  expect((await honest).status).toBe(200)
})

test('a list of compared images waits in the same queue, and leaves it with its caller', async () => {
  const list = (await importPair('listed')).replace('?', '/images?')
  const places = await holdPlaces()
  const leave = new AbortController()
  const [waiting, csv] = [
    bench.call('GET', list, undefined, {}, leave.signal),
    bench.call('GET', list, undefined, { accept: 'text/csv' }, leave.signal),
  ]
  await places.turnsWait(1)
  leave.abort()
  expect([(await waiting).status, (await csv).status]).toEqual([499, 499])
  expect(reads.length).toBe(0)
  await places.leave()
  expect((await bench.call('GET', list)).status).toBe(200)
})

test('a caller’s seed changes what is shown, and nothing of what the gate decides by', async () => {
  const patients = (wrong: number) =>
    bench.importVersion(
      'by-patient',
      ABC,
      rowsOf(120, (i) => i % wrong === 0).map((row, i) => ({ ...row, patient: `p${i % 40}` })),
    )
  const [baseline, candidate] = [await patients(5), await patients(6)]
  const compare = async (more: string) => (await bench.compare(baseline, candidate, 'by-patient', more)).body
  const own = await compare('')
  const seeded = await compare('&seed=2&resamples=100')
  const preview = await compare('&accuracyFloor=0.1')
  expect(seeded.differenceByPatient).toMatchObject({ seed: 2, resamples: 100 })
  expect(seeded.differenceByPatient.low).not.toBe(own.differenceByPatient.low)
  expect(seeded.gate).toEqual(own.gate)
  expect(own.gate).toMatchObject({ decides: true, rulesVersion: expect.stringMatching(/^[0-9a-f]{12}$/) })
  expect(preview.gate).toMatchObject({ decides: false, rulesVersion: null, rules: { accuracyFloor: 0.1 } })
})
