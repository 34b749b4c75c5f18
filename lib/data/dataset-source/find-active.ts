import { and, eq, isNull } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { datasets } from '#db/schema/dataset.ts'
import { ServiceError } from '#lib/platform/errors.ts'

export type Dataset = typeof datasets.$inferSelect

/**
 * The dataset of this name that is not archived. `lock`: it is not archived until the transaction ends. No `update`:
 * that waits for a scan's new images, which refer to the dataset, while the scan holds the snapshot to be changed.
 */
export async function getActiveDataset(db: Database, name: string, lock?: 'no key update'): Promise<Dataset> {
  const query = db
    .select()
    .from(datasets)
    .where(and(eq(datasets.name, name), isNull(datasets.archivedAt)))
  const [dataset] = lock === undefined ? await query : await query.for(lock)
  if (dataset === undefined)
    throw new ServiceError('NOT_FOUND', `There is no dataset ${JSON.stringify(name)}.`)
  return dataset
}
