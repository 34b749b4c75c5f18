import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listDatasets } from '#lib/data/dataset/queries.ts'
import { registerDataset } from '#lib/data/dataset/register.ts'
import { type DatasetBench, openDatasetBench } from '#tests/support/test-datasets.ts'

let bench: DatasetBench
beforeAll(async () => {
  bench = await openDatasetBench()
})
afterAll(async () => {
  await bench.close()
})

test('names have an order of their own, whatever the locale of the database', async () => {
  const { rows } = await bench.db.execute<{ place: string }>(sql`
    select table_name || '.' || column_name as place from information_schema.columns
    where table_schema = 'public' and collation_name = 'C' order by 1`)
  expect(rows.map(({ place }) => place)).toEqual([
    'datasets.name',
    'images.finding_class',
    'images.key',
    'images.object_key',
    'images.patient',
    'models.name',
    'skipped_files.file',
  ])
})

test('datasets are listed by code point, page after page', async () => {
  const names = ['a', 'B', 'a_b', 'a-b', 'A1', 'b', 'a.b', 'Z']
  for (const name of names) await registerDataset(bench.context(), bench.sources, { name })
  const listed: string[] = []
  for (;;) {
    const last = listed.at(-1)
    const page = await listDatasets(bench, { after: last === undefined ? null : [last], take: 3 })
    if (page.length === 0) break
    listed.push(...page.map(({ name }) => name))
  }
  expect(listed).toEqual(names.toSorted())
})
