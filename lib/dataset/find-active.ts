import { and, eq, isNull } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { datasets } from '#db/schema/dataset.ts'
import { ServiceError } from '#lib/errors.ts'

export type Dataset = typeof datasets.$inferSelect

/** The dataset of this name that is not archived. `lock`: none is archived until the transaction ends. */
export async function getActiveDataset(
  db: Database,
  name: string,
  lock?: 'share' | 'update',
): Promise<Dataset> {
  const query = db
    .select()
    .from(datasets)
    .where(and(eq(datasets.name, name), isNull(datasets.archivedAt)))
  const [dataset] = lock === undefined ? await query : await query.for(lock)
  if (dataset === undefined)
    throw new ServiceError('NOT_FOUND', `There is no dataset ${JSON.stringify(name)}.`)
  return dataset
}
