import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { datasetSnapshots, datasets } from '#db/schema/dataset.ts'
import { modelVersions } from '#db/schema/model-version.ts'
import type { Context } from '#lib/context.ts'
import type { ModelCard } from '#lib/model-registry/model-card.ts'
import { getRun } from './queries.ts'

/** What a version was trained on, as its card names it, and whether that is known here. */
export type TrainingSource = { name: string; dataset: string | null; snapshotId: string | null }

/** How far the images of a run were in the training of its version: what was learnt by heart proves nothing. */
export type Leakage = {
  trainedOn: TrainingSource[]
  images: number
  /** Images of the run whose very bytes were trained on. */
  sharedImages: number
  /** Patients of the run with images in the training, and their images in the run. */
  sharedPatients: number
  imagesOfSharedPatients: number
  /** False where one side has no image with content: nothing can be said of shared images. */
  knowsContents: boolean
  /** False where one side names no patient: nothing can be said of shared patients. */
  knowsPatients: boolean
  /** Some of the shared images, by key. */
  examples: { imageId: number; imageKey: string }[]
}

const EXAMPLES = 5
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Compares a run's snapshot with those that the version's card says it was trained on: by content and by patient, who
 * is the same person where both datasets call them the same. `lineage.snapshots` of the card holds snapshot ids, or
 * names of datasets, whose newest ready snapshot then counts. Copies that were cropped or saved anew are not found.
 */
export async function checkLeakage({ db }: Pick<Context, 'db'>, input: { id: string }): Promise<Leakage> {
  const run = await getRun(db, input.id)
  const [version] = await db
    .select({ card: modelVersions.card })
    .from(modelVersions)
    .where(eq(modelVersions.id, run.modelVersionId))
  const named = (version?.card as ModelCard | undefined)?.lineage?.snapshots ?? [] // checked when it was stored
  const trainedOn: TrainingSource[] = []
  for (const name of named) trainedOn.push({ name, ...(await findSource(db, name)) })
  const training = trainedOn.flatMap(({ snapshotId }) => snapshotId ?? [])
  return { trainedOn, ...(await countShared(db, run.snapshotId, training)) }
}

async function findSource(db: Database, name: string): Promise<Omit<TrainingSource, 'name'>> {
  const [found] = await db
    .select({ dataset: datasets.name, snapshotId: datasetSnapshots.id })
    .from(datasetSnapshots)
    .innerJoin(datasets, eq(datasets.id, datasetSnapshots.datasetId))
    .where(
      and(
        eq(datasetSnapshots.status, 'ready'),
        UUID.test(name)
          ? eq(datasetSnapshots.id, name)
          : and(eq(datasets.name, name), isNull(datasets.archivedAt)),
      ),
    )
    .orderBy(desc(datasetSnapshots.createdAt))
    .limit(1)
  return found ?? { dataset: null, snapshotId: null }
}

async function countShared(
  db: Database,
  snapshotId: string,
  training: readonly string[],
): Promise<Omit<Leakage, 'trainedOn'>> {
  const trained = sql`${sql.param(training)}::uuid[]`
  const { rows } = await db.execute<{
    images: string
    shared: string
    patients: string
    patient_images: string
    knows_contents: boolean
    knows_patients: boolean
    examples: { imageId: number; imageKey: string }[] | null
  }>(sql`
    with trained as (
      select image.sha256, image.patient, image.has_content
      from snapshot_images member join images image on image.id = member.image_id
      where member.snapshot_id = any(${trained})
    ), judged as (
      select image.id, image.key, image.patient, image.has_content,
        image.has_content and content.sha256 is not null as is_shared,
        person.patient is not null as has_shared_patient
      from snapshot_images member join images image on image.id = member.image_id
      left join (select distinct sha256 from trained where has_content) content on content.sha256 = image.sha256
      left join (select distinct patient from trained where patient is not null) person
        on person.patient = image.patient
      where member.snapshot_id = ${snapshotId}
    )
    select count(*) as images, count(*) filter (where is_shared) as shared,
      count(distinct patient) filter (where has_shared_patient) as patients,
      count(*) filter (where has_shared_patient) as patient_images,
      coalesce(bool_or(has_content), false) and exists (select from trained where has_content) as knows_contents,
      coalesce(bool_or(patient is not null), false)
        and exists (select from trained where patient is not null) as knows_patients,
      (select json_agg(json_build_object('imageId', id, 'imageKey', key)) from
        (select id, key from judged where is_shared order by key limit ${EXAMPLES}) first) as examples
    from judged`)
  const [row] = rows
  return {
    images: Number(row?.images ?? 0),
    sharedImages: Number(row?.shared ?? 0),
    sharedPatients: Number(row?.patients ?? 0),
    imagesOfSharedPatients: Number(row?.patient_images ?? 0),
    knowsContents: row?.knows_contents ?? false,
    knowsPatients: row?.knows_patients ?? false,
    examples: row?.examples ?? [],
  }
}
