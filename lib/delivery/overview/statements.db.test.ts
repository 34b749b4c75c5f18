import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listDatasets } from '#lib/data/dataset/queries.ts'
import { snapshotSource } from '#lib/data/snapshot/live-source.ts'
import { listSnapshots } from '#lib/data/snapshot/snapshot-queries.ts'
import { listComparableVersions } from '#lib/model/comparison/list-comparable-versions.ts'
import { followedRunSource, runProgressSource, runSource } from '#lib/model/evaluation-run/live-sources.ts'
import { listEvaluationRuns } from '#lib/model/evaluation-run/queries.ts'
import { listModelVersions } from '#lib/model/registry/queries.ts'
import { LiveFeed } from '#lib/platform/live/live-feed.ts'
import type { LiveSource } from '#lib/platform/live/live-source.ts'
import { countStatements } from '#tests/support/count-statements.ts'
import { openRunHarness, type RunHarness } from '#tests/support/test-runs.ts'
import { getOverview } from './get-overview.ts'

let harness: RunHarness
beforeAll(async () => {
  harness = await openRunHarness()
  await harness.makeDataset('first', 3)
  await harness.work(await harness.startRun(await harness.makeVersion(), 'first'))
  await copy(1, 1)
})
afterAll(() => harness.close())

/**
 * As many datasets, each with a snapshot, a skipped file, a version of its own, and a failed and a queued run. The
 * queued ones are the latest: a page of lists that shows one asks for its progress, and one without does not.
 */
async function copy(from: number, to: number): Promise<void> {
  const { db } = harness
  await db.execute(sql`
    insert into datasets (name, location, created_by)
    select 'copy ' || n, 'file:/copy' || n, 'test' from generate_series(${from}::int, ${to}::int) n`)
  await db.execute(sql`
    insert into dataset_snapshots (dataset_id, status, manifest_sha256, created_by, finished_at, image_count, patient_count,
      skipped_count, finding_class_counts)
    select dataset.id, 'ready', one.manifest_sha256, 'test', now(), one.image_count, one.patient_count, 1,
      one.finding_class_counts
    from datasets dataset, (select * from dataset_snapshots where listed_count > 0 limit 1) one
    where dataset.name like 'copy %' and not exists (select from dataset_snapshots own where own.dataset_id = dataset.id)`)
  await db.execute(sql`
    insert into skipped_files (snapshot_id, file, code)
    select id, 'a.txt', 'NOT_AN_IMAGE' from dataset_snapshots where skipped_count = 1 on conflict do nothing`)
  await db.execute(sql`
    insert into model_versions (model_id, number, card, card_sha256, finding_classes, created_by)
    select model_id, 100 + n, card, card_sha256, finding_classes, 'test'
    from model_versions, generate_series(${from}::int, ${to}::int) n where number = 1`)
  await db.execute(sql`
    insert into evaluation_runs (model_version_id, dataset_id, snapshot_id, status, created_by, created_at, finished_at,
      deadline, image_count, done_count, error_count, excluded_count)
    select version.id, dataset.id, snapshot.id, status.name, 'test', now() - status.age,
      case when status.name = 'failed' then now() end, now() + interval '1 day', status.count, status.count,
      status.count, status.count
    from generate_series(${from}::int, ${to}::int) n
    join datasets dataset on dataset.name = 'copy ' || n
    join dataset_snapshots snapshot on snapshot.dataset_id = dataset.id
    join model_versions version on version.number = 100 + n,
      (values ('failed', 3, interval '1 minute'), ('queued', null, interval '0')) status (name, count, age)`)
}

const health = async () => {
  const well = { status: 'ok' as const, detail: 'well' }
  return { status: 'ok' as const, dependencies: { database: well, objectStore: well, evaluator: well } }
}

const ALL = { after: null, take: 100 }

async function lookAtFeed(sources: readonly LiveSource[], objectIds: readonly (string | undefined)[]) {
  const feed = new LiveFeed(sources)
  const leaves = objectIds.map((objectId) => feed.listen(() => undefined, objectId ? { objectId } : {}))
  await feed.look()
  for (const leave of leaves) leave()
}

const LOOKS: Record<string, () => Promise<unknown>> = {
  'the overview': () => getOverview(harness, { checkHealth: health }),
  'the list of evaluation runs': () => listEvaluationRuns(harness, ALL),
  'the list of datasets': () => listDatasets(harness, ALL),
  'the list of model versions': () => listModelVersions(harness, ALL),
  'the list of snapshots': () => listSnapshots(harness.context(), { dataset: 'first', ...ALL }),
  'the versions on a dataset': () => listComparableVersions(harness, { dataset: 'first' }),
  'what moves on the dashboard': () =>
    lookAtFeed(
      [runSource(harness.db), runProgressSource(harness.db), snapshotSource(harness.db)],
      [undefined],
    ),
  'runs that clients follow': async () => {
    const runs = await listEvaluationRuns(harness, ALL)
    await lookAtFeed(
      [followedRunSource(harness.db)],
      runs.map(({ id }) => id),
    )
  },
}

test('no list and no overview asks the database more often when there is more', async () => {
  const countAll = async () => {
    const counts: Record<string, number> = {}
    for (const [name, look] of Object.entries(LOOKS)) counts[name] = await countStatements(harness.db, look)
    return counts
  }
  const few = await countAll()
  await copy(2, 20)
  expect((await listEvaluationRuns(harness, ALL)).length).toBe(41)
  expect((await listDatasets(harness, ALL)).length).toBe(21)
  expect(await countAll()).toEqual(few)
})

test('what has ended is listed from its stored counts: no image is counted again', async () => {
  const before = (await listEvaluationRuns(harness, ALL)).filter(({ status }) => status !== 'queued')
  const datasets = await listDatasets(harness, ALL)
  const { rows } = await harness.db.execute<{ counted: string }>(sql`
    select count(*) as counted from evaluation_runs where finished_at is not null and image_count is null`)
  expect(rows[0]?.counted).toBe('0')
  // Were they counted from rows, they would now be none.
  await harness.db.execute(sql`delete from snapshot_images`)
  const after = (await listEvaluationRuns(harness, ALL)).filter(({ status }) => status !== 'queued')
  expect(after.map(({ progress }) => progress)).toEqual(before.map(({ progress }) => progress))
  expect(await listDatasets(harness, ALL)).toEqual(datasets)
})
