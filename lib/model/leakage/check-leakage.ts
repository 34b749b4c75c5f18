import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { getRun } from '#lib/model/evaluation-run/queries.ts'
import type { Asker } from '#lib/platform/concurrency/heavy-reads.ts'
import { SharedWork } from '#lib/platform/concurrency/shared-work.ts'
import type { Leakage } from './schema.ts'
import { findNearDuplicateSearch, type NearDuplicates } from './search-next-pair.ts'
import { findTrainingSources } from './training-sources.ts'

const EXAMPLES = 5

type Shared = Omit<Leakage, 'trainedOn' | 'nearDuplicates' | 'nearestPairs' | 'hashed'>

/** Snapshots never change. */
const shared = new SharedWork<Shared>('shared-images')

/**
 * Compares a run's snapshot with those that the version's card says it was trained on: by content, by looks, and by
 * patient, who is the same person where both datasets call them the same. Looks are searched in the background.
 */
export async function checkLeakage(asker: Asker, input: { id: string }): Promise<Leakage> {
  const { db } = asker
  const run = await getRun(db, input.id)
  const trainedOn = await findTrainingSources(db, run.modelVersionId)
  const training = trainedOn.flatMap(({ snapshotId }) => snapshotId ?? [])
  const key = JSON.stringify([run.snapshotId, training])
  const counts = await shared.get(asker, key, (work) => countShared(work.db, run.snapshotId, training))
  const { hashed, count, nearest } = await findLooks(db, run.snapshotId, training, counts)
  return { trainedOn, ...counts, nearDuplicates: count, nearestPairs: nearest, hashed }
}

async function findLooks(
  db: Database,
  judged: string,
  trained: readonly string[],
  { images, knowsContents }: Shared,
): Promise<NearDuplicates> {
  const nothing = { hashed: { done: 0, undecodable: 0, total: 0 }, count: 0, nearest: [] }
  if (trained.length === 0) return nothing
  const found = await findNearDuplicateSearch(db, { judged, trained })
  // Before the first search at least the run's own images are left to look at.
  return found ?? { ...nothing, hashed: { ...nothing.hashed, total: knowsContents ? images : 0 } }
}

async function countShared(db: Database, snapshotId: string, training: readonly string[]): Promise<Shared> {
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
