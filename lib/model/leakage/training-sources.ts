import { eq, type SQL, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { datasetSnapshots, datasets } from '#db/schema/dataset.ts'
import { modelVersions } from '#db/schema/model-version.ts'
import type { ModelCard } from '#lib/vocabulary/model-card.ts'
import type { TrainingSource } from './schema.ts'

/** `lineage.snapshots` of the card holds snapshot ids, or names of datasets, whose newest ready snapshot then counts. */
export async function findTrainingSources(db: Database, modelVersionId: string): Promise<TrainingSource[]> {
  const [version] = await db
    .select({ card: modelVersions.card })
    .from(modelVersions)
    .where(eq(modelVersions.id, modelVersionId))
  const named = (version?.card as ModelCard | undefined)?.lineage?.snapshots ?? [] // checked when it was stored
  const sources: TrainingSource[] = []
  for (const name of named) {
    const [found] = await db
      .select({ dataset: datasets.name, snapshotId: datasetSnapshots.id })
      .from(datasetSnapshots)
      .innerJoin(datasets, eq(datasets.id, datasetSnapshots.datasetId))
      .where(eq(datasetSnapshots.id, snapshotNamed(sql`${name}`)))
    sources.push({ name, dataset: found?.dataset ?? null, snapshotId: found?.snapshotId ?? null })
  }
  return sources
}

const UUID = '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'

/** A subquery: the id of the ready snapshot that a card means by a name. */
function snapshotNamed(name: SQL): SQL {
  return sql`(
    select named.id from dataset_snapshots named join datasets owner on owner.id = named.dataset_id
    where named.status = 'ready' and case
      when ${name} ~* ${UUID} then named.id::text = lower(${name})
      else owner.name = ${name} and owner.archived_at is null end
    order by named.created_at desc limit 1)`
}

/** Each snapshot by which versions were judged, with the snapshots here that one of these was trained on. */
export const trainedPairs: SQL = sql`
  with sources as (
    select distinct run.snapshot_id as judged, version.id as version, source.name
    from evaluation_runs run
    join model_versions version on version.id = run.model_version_id
    cross join lateral jsonb_array_elements_text(version.card #> '{lineage,snapshots}') as source(name)
    where run.status = 'succeeded'
  ), found as (
    select judged, version, ${snapshotNamed(sql`sources.name`)} as trained from sources
  )
  select distinct judged, trained from (
    select judged, array_agg(distinct trained::text order by trained::text) as trained from found
    where trained is not null group by judged, version) pair`

/** A subquery: the snapshots by which a version was judged that was trained on snapshots that are here, and those. */
export const snapshotsToCompare: SQL = sql`(
  with sources as (
    select distinct run.snapshot_id as judged, source.name
    from evaluation_runs run
    join model_versions version on version.id = run.model_version_id
    cross join lateral jsonb_array_elements_text(version.card #> '{lineage,snapshots}') as source(name)
    where run.status = 'succeeded'
  ), found as (
    select judged, ${snapshotNamed(sql`sources.name`)} as trained from sources
  )
  select judged as snapshot_id from found where trained is not null
  union select trained from found where trained is not null)`
