import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'

/** Counts what an ended scan has found, once: nothing of it changes afterwards, and every list shows it. */
export async function storeSnapshotCounts(tx: Database, snapshotId: string): Promise<void> {
  await tx.execute(sql`
    update dataset_snapshots set
      image_count = (select count(*) from snapshot_images where snapshot_id = ${snapshotId}),
      skipped_count = (select count(*) from skipped_files where snapshot_id = ${snapshotId}),
      patient_count = (
        select count(distinct image.patient) from snapshot_images member join images image on image.id = member.image_id
        where member.snapshot_id = ${snapshotId}),
      finding_class_counts = (
        select coalesce(jsonb_agg(
          jsonb_build_object('findingClass', finding_class, 'images', images, 'patients', patients)
          order by finding_class collate "C"), '[]')
        from (
          select image.finding_class, count(*) as images, count(distinct image.patient) as patients
          from snapshot_images member join images image on image.id = member.image_id
          where member.snapshot_id = ${snapshotId} group by image.finding_class) counted)
    where id = ${snapshotId}`)
}
