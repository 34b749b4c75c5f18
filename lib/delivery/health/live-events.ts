import { defineEvents } from '#lib/platform/live/event-kind.ts'
import { dependencyHealthSchema, healthSchema } from './schema.ts'

/** A dependency of the service is well, busy or away. */
export const DEPENDENCY_EVENTS = defineEvents({
  name: 'dependency',
  schema: dependencyHealthSchema.extend({ name: healthSchema.shape.dependencies.keyof() }),
  idOf: ({ name }) => name,
})
