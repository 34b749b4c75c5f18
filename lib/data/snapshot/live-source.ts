import { eq, inArray, or, sql } from 'drizzle-orm'
import { cancelledBy, type Database } from '#db/client.ts'
import { datasetSnapshots, datasets } from '#db/schema/dataset.ts'
import type { LiveSource } from '#lib/platform/live/live-source.ts'
import { SNAPSHOT_EVENTS } from './live-events.ts'

/** Tells of the scans under way, and how they ended. */
export function snapshotSource(db: Database): LiveSource {
  return {
    asksDatabase: true,
    async look(view) {
      const known = view.lasting(SNAPSHOT_EVENTS).map(({ id }) => id)
      for (const snapshot of await findSnapshots(cancelledBy(db, view.signal), known, view.sinceSeconds))
        view.tell(SNAPSHOT_EVENTS, snapshot, { lasting: snapshot.status === 'scanning' })
    },
  }
}

/** Those being scanned, those that ended in the last seconds, and those of the given ids. */
async function findSnapshots(db: Database, ids: readonly string[], sinceSeconds: number) {
  return await db
    .select({
      id: datasetSnapshots.id,
      dataset: datasets.name,
      status: datasetSnapshots.status,
      listed: datasetSnapshots.listedCount,
      hashed: datasetSnapshots.hashedCount,
      failureCode: datasetSnapshots.failureCode,
    })
    .from(datasetSnapshots)
    .innerJoin(datasets, eq(datasets.id, datasetSnapshots.datasetId))
    .where(
      or(
        eq(datasetSnapshots.status, 'scanning'),
        inArray(datasetSnapshots.id, [...ids]),
        sql`${datasetSnapshots.finishedAt} > clock_timestamp() - make_interval(secs => ${sinceSeconds})`,
      ),
    )
    .orderBy(datasetSnapshots.createdAt)
}
