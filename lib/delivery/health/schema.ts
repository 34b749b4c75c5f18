import { z } from 'zod'

/** `busy`: there, and late with its answer. Only the database is ever busy. */
export const dependencyHealthSchema = z.strictObject({
  status: z.enum(['ok', 'busy', 'down']),
  detail: z.string(),
})
export type DependencyHealth = z.infer<typeof dependencyHealthSchema>

export const healthSchema = z.strictObject({
  status: z.enum(['ok', 'degraded', 'down']),
  dependencies: z.strictObject({
    database: dependencyHealthSchema,
    objectStore: dependencyHealthSchema,
    evaluator: dependencyHealthSchema,
  }),
})
export type Health = z.infer<typeof healthSchema>
