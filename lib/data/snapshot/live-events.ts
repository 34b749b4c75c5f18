import { z } from 'zod'
import { defineEvents } from '#lib/platform/live/event-kind.ts'
import { snapshotSummarySchema } from './schema.ts'

/** The scan of a dataset goes on, or has ended. */
export const SNAPSHOT_EVENTS = defineEvents({
  name: 'snapshot',
  schema: snapshotSummarySchema
    .pick({ id: true, status: true, listed: true, hashed: true, failureCode: true })
    .extend({ dataset: z.string() }),
  idOf: ({ id }) => id,
})
