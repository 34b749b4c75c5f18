import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Role } from '#lib/platform/permissions.ts'
import { openRunHarness, type RunHarness } from '#tests/support/test-runs.ts'
import { search } from './search.ts'

let harness: RunHarness
let [version, run] = ['', '']
beforeAll(async () => {
  harness = await openRunHarness()
  await harness.makeDataset('Lung_100', 6)
  version = await harness.makeVersion({ name: 'lung-vit' })
  run = (await harness.work(await harness.startRun(version, 'Lung_100'))).id
})
afterAll(() => harness.close())

const find = (q: string, roles: Role[] = ['ml-lead'], limit = 20) =>
  search({ db: harness.db, actor: { type: 'user', id: 'u', name: 'u', roles } }, { q, limit })
const titles = async (...input: Parameters<typeof find>) => (await find(...input)).map(({ title }) => title)

test('finds every kind by a part of its name, and says where it is shown', async () => {
  expect(await find('lung')).toEqual([
    {
      ...{ kind: 'model-version', id: version, title: 'lung-vit v1', href: `/model-versions/${version}` },
      detail: expect.stringContaining('3 finding classes'),
    },
    {
      ...{ kind: 'evaluation-run', id: run, title: 'lung-vit v1 on Lung_100', detail: 'succeeded' },
      href: `/evaluation-runs/${run}`,
    },
    expect.objectContaining({ kind: 'dataset', title: 'Lung_100', href: '/datasets/Lung_100' }),
  ])
  expect(await titles('000003.PNG')).toEqual(['000003.png'])
  expect(await titles(version.slice(0, 8))).toEqual(['lung-vit v1'])
})

test('takes the text literally', async () => {
  expect(await titles('%_')).toEqual([])
  expect(await titles('G_100')).toEqual(['lung-vit v1 on Lung_100', 'Lung_100'])
  expect(await titles("' or 1=1 --")).toEqual([])
})

test('finds nothing that the caller may not read', async () => {
  expect(await titles('0', ['reviewer'])).toEqual([])
  expect(await titles('lung', ['physician'])).toEqual([])
  expect(await titles('lung', ['read-only'])).toHaveLength(3)
})

test('shares the limit among the kinds, and stays fast among 100,000 images', async () => {
  expect(await find('0', ['ml-lead'], 3)).toHaveLength(3)
  await harness.db.execute(sql`
    insert into images (dataset_id, key, object_key, finding_class, sha256, size_bytes, width, height, revision)
    select (select id from datasets limit 1), 'lung-normal/many-' || n || '.png', n::text, 'lung-normal',
      sha256(n::text::bytea), 1, 1, 1, '' from generate_series(1, 100000) n`)
  const begun = performance.now()
  expect(await titles('many-77777')).toEqual(['many-77777.png'])
  expect(performance.now() - begun).toBeLessThan(2000)
  expect(await find('lung', ['ml-lead'], 100)).toHaveLength(3)
  expect(await find('many', ['ml-lead'], 5)).toHaveLength(5)
})
