import { and, desc, eq } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { datasetSnapshots } from '#db/schema/dataset.ts'
import { type Dataset, getActiveDataset } from '#lib/data/dataset-source/find-active.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import { announceWork } from '#lib/platform/background/announce-work.ts'
import type { Context } from '#lib/platform/context.ts'

export type DatasetSnapshot = typeof datasetSnapshots.$inferSelect

/**
 * Queues a scan inside the caller's transaction, or joins one that is queued and has seen nothing yet: what it
 * will find is as fresh. Not stating `allowLabelConflicts` keeps what the last ready snapshot was allowed.
 */
export async function requestSnapshot(
  tx: Database,
  context: Context,
  input: { dataset: string; allowLabelConflicts?: boolean | undefined },
): Promise<{ dataset: Dataset; snapshot: DatasetSnapshot }> {
  const dataset = await getActiveDataset(tx, input.dataset, 'no key update')
  const allowLabelConflicts = input.allowLabelConflicts ?? (await wasAllowed(tx, dataset.id))
  const [queued] = await tx
    .select()
    .from(datasetSnapshots)
    .where(
      and(
        eq(datasetSnapshots.datasetId, dataset.id),
        eq(datasetSnapshots.status, 'scanning'),
        eq(datasetSnapshots.epoch, 0),
        eq(datasetSnapshots.allowLabelConflicts, allowLabelConflicts),
      ),
    )
    .for('update')
  if (queued !== undefined) return { dataset, snapshot: queued }
  const [snapshot] = await tx
    .insert(datasetSnapshots)
    .values({
      datasetId: dataset.id,
      allowLabelConflicts,
      createdAt: context.now,
      createdBy: context.actor.id,
    })
    .returning()
  if (snapshot === undefined) throw new Error('The insert of a snapshot gave no row.')
  return { dataset, snapshot }
}

async function wasAllowed(tx: Database, datasetId: string): Promise<boolean> {
  const [last] = await tx
    .select({ allowed: datasetSnapshots.allowLabelConflicts })
    .from(datasetSnapshots)
    .where(and(eq(datasetSnapshots.datasetId, datasetId), eq(datasetSnapshots.status, 'ready')))
    .orderBy(desc(datasetSnapshots.createdAt))
    .limit(1)
  return last?.allowed ?? false
}

/** Asks for a new frozen manifest of a dataset; the background scan makes it. */
export async function createSnapshot(
  context: Context,
  input: { dataset: string; allowLabelConflicts?: boolean | undefined },
): Promise<DatasetSnapshot> {
  const requested = await context.db.transaction(async (tx) => {
    const { dataset, snapshot } = await requestSnapshot(tx, context, input)
    await recordAuditEvent(tx, context, {
      action: 'dataset-snapshot.request',
      objectType: 'dataset-snapshot',
      objectId: snapshot.id,
      after: { dataset: dataset.name, allowLabelConflicts: snapshot.allowLabelConflicts },
    })
    return snapshot
  })
  announceWork(context.db)
  return requested
}
