import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { taskActor } from '#lib/platform/context.ts'
import { ABC, type ComparisonBench, openComparisonBench, rowsOf } from '#tests/support/test-comparisons.ts'
import { getComparedNeighbours } from './compared-neighbours.ts'

let bench: ComparisonBench
beforeAll(async () => {
  bench = await openComparisonBench()
})
afterAll(() => bench.close())

test('lists what became right, what became wrong, and what both have wrong, page by page', async () => {
  const first = await bench.importVersion(
    'listed',
    ABC,
    rowsOf(60, (i) => i % 4 === 0),
  )
  const second = await bench.importVersion(
    'listed',
    ABC,
    rowsOf(60, (i) => i % 6 === 0),
  )
  const list = (more: string) =>
    bench.api.get(`/api/model-comparisons/images?baseline=${first}&candidate=${second}&dataset=listed${more}`)
  const totals: Record<string, number> = {}
  for (const outcome of ['fixed', 'broken', 'both-wrong', 'both-right'])
    totals[outcome] = (await list(`&outcome=${outcome}`)).body.total
  expect(totals).toEqual({ fixed: 10, broken: 5, 'both-wrong': 5, 'both-right': 40 })
  const page = await list('&outcome=fixed&limit=6')
  const next = await list(`&outcome=fixed&limit=6&cursor=${page.body.nextCursor}`)
  const keys = [...page.body.items, ...next.body.items].map(({ imageKey }: { imageKey: string }) => imageKey)
  expect(keys).toEqual([4, 8, 16, 20, 28, 32, 40, 44, 52, 56].map((i) => `${ABC[i % 3]}/${i}.png`))
  expect(next.body.nextCursor).toBeNull()
  expect(page.body.items[0]).toMatchObject({
    referenceClass: 'b',
    outcome: 'fixed',
    baseline: { predictedClass: 'c', confidence: 0.6 },
    candidate: { predictedClass: 'b', confidence: 0.6, probabilities: [0.2, 0.6, 0.2] },
  })
  expect((await list('&findingClass=a')).body.total).toBe(20)
})

/** Three images of each technique; the candidate is surer of some than the baseline. */
async function importBothTechniques() {
  const classes = ['lung-normal', 'lung-oct-normal']
  const [chest, oct] = classes as [string, string]
  const rows = (answers: readonly (readonly [string, string, number])[]) =>
    answers.map(([reference, predicted, confidence], i) => ({
      key: `${reference}/${i}.png`,
      reference,
      predicted,
      confidence,
      patient: `p${i % 2}`,
    }))
  const baseline = await bench.importVersion(
    'techniques',
    classes,
    rows([
      [chest, chest, 0.6],
      [chest, oct, 0.7],
      [chest, chest, 0.9],
      [oct, oct, 0.8],
      [oct, chest, 0.9],
      [oct, oct, 0.6],
    ]),
  )
  const candidate = await bench.importVersion(
    'techniques',
    classes,
    rows([
      [chest, chest, 0.7],
      [chest, chest, 0.8],
      [chest, chest, 0.6],
      [oct, oct, 0.8],
      [oct, chest, 0.7],
      [oct, chest, 0.75],
    ]),
  )
  return { baseline, candidate, dataset: 'techniques' }
}

test('compares each imaging technique by itself, lists by it, by patient and by change', async () => {
  const asked = await importBothTechniques()
  const { body } = await bench.compare(asked.baseline, asked.candidate, asked.dataset)
  expect(body.modalities).toMatchObject([
    {
      modality: 'chest-xray',
      n: 3,
      paired: { bothRight: 2, baselineOnly: 0, candidateOnly: 1, bothWrong: 0 },
      crossModalityPredictions: { baseline: 1, candidate: 0 },
    },
    {
      modality: 'oct',
      n: 3,
      paired: { bothRight: 1, baselineOnly: 1, candidateOnly: 0, bothWrong: 1 },
      crossModalityPredictions: { baseline: 1, candidate: 2 },
    },
  ])
  expect(body.modalities[1].difference.value).toBeCloseTo(-1 / 3, 12)

  const address = `/api/model-comparisons/images?${new URLSearchParams(asked)}`
  const list = async (more: string) =>
    (await bench.api.get(address + more)).body.items.map(({ imageKey }: { imageKey: string }) => imageKey)
  expect(await list('&modality=oct&patient=p1')).toEqual(['lung-oct-normal/3.png', 'lung-oct-normal/5.png'])
  // 0.3 → 0.8, 0.6 → 0.25, 0.9 → 0.6, 0.1 → 0.3, 0.6 → 0.7, 0.8 → 0.8
  const byChange = [1, 5, 2, 4, 0, 3].map((i) => `${i < 3 ? 'lung-normal' : 'lung-oct-normal'}/${i}.png`)
  expect(await list('&sort=change')).toEqual(byChange)
  const first = await bench.api.get(`${address}&sort=change&limit=4`)
  expect(await list(`&sort=change&limit=4&cursor=${first.body.nextCursor}`)).toEqual(byChange.slice(4))
  expect(first.body.items[0].change).toBeCloseTo(0.5, 12)
})

test('knows what stands beside an image in the list', async () => {
  const asked = await importBothTechniques()
  const address = `/api/model-comparisons/images?${new URLSearchParams(asked)}&sort=change`
  const ids = (await bench.api.get(address)).body.items.map(({ imageId }: { imageId: number }) => imageId)
  const beside = (imageId: number) =>
    getComparedNeighbours({ db: bench.db, actor: taskActor('test') }, { ...asked, sort: 'change', imageId })
  expect(await beside(ids[1])).toMatchObject({
    previous: { id: ids[0] },
    next: { id: ids[2] },
    position: 2,
    total: 6,
  })
  expect(await beside(ids[0])).toMatchObject({ previous: null, position: 1 })
  expect(await beside(ids[5])).toMatchObject({ next: null, position: 6 })
  await expect(beside(0)).rejects.toMatchObject({ code: 'NOT_IN_LIST' })
})

test('gives the list as CSV with the very probabilities', async () => {
  const asked = await importBothTechniques()
  const address = `/api/model-comparisons/images?${new URLSearchParams(asked)}&outcome=fixed`
  const { status, text } = await bench.call('GET', address, undefined, { accept: 'text/csv' })
  expect(status).toBe(200)
  // No field of these rows holds a comma or a quote.
  const [header = [], cells = [], ...others] = text.split('\r\n').map((line) => line.split(','))
  const row = Object.fromEntries(header.map((name, column) => [name, cells[column]]))
  expect(others).toEqual([['']])
  expect(row).toMatchObject({
    imageKey: 'lung-normal/1.png',
    referenceClass: 'lung-normal',
    patient: 'p1',
    outcome: 'fixed',
    baselinePredictedClass: 'lung-oct-normal',
    candidatePredictedClass: 'lung-normal',
  })
  const [{ baseline, candidate }] = (await bench.api.get(address)).body.items
  expect(['lung-normal', 'lung-oct-normal'].map((name) => Number(row[`baseline:${name}`]))).toEqual(
    baseline.probabilities,
  )
  expect(Number(row['candidate:lung-normal'])).toBe(candidate.confidence)
  const withCursor = await bench.call('GET', `${address}&cursor=x`, undefined, { accept: 'text/csv' })
  expect(withCursor.status).toBe(400)
})

test('refuses to go on with a list that is another one since', async () => {
  const asked = await importBothTechniques()
  const address = `/api/model-comparisons/images?${new URLSearchParams(asked)}&limit=2`
  const page = await bench.api.get(address)
  await bench.db.execute(sql`
    update evaluation_runs set epoch = epoch + 1 where model_version_id = ${asked.candidate}`)
  const next = await bench.api.get(`${address}&cursor=${encodeURIComponent(page.body.nextCursor)}`)
  expect([next.status, next.body.error.code]).toEqual([400, 'BAD_CURSOR'])
})
