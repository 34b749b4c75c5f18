import { z } from 'zod'
import { changeKindSchema } from '#lib/data/snapshot/schema.ts'

export const DATASET_VIEWS = ['overview', 'images', 'snapshots', 'skipped', 'evaluations'] as const
export type DatasetView = (typeof DATASET_VIEWS)[number]

/** Where a page of a list goes on: a file, a key, or a snapshot. */
const place = z.string().min(1).max(2000).nullable().catch(null)

/** The state of a dataset's page, as its address holds it; nonsense is as if it were not there. */
export const datasetPageQuery = z.object({
  view: z.enum(DATASET_VIEWS).catch('overview'),
  after: place,
  newer: z.uuid().nullable().catch(null),
  older: z.uuid().nullable().catch(null),
  kind: changeKindSchema.nullable().catch(null),
  code: z.string().min(1).max(50).nullable().catch(null),
})

export type DatasetPageQuery = z.output<typeof datasetPageQuery>
