import { z } from 'zod'
import { evaluationRunSummarySchema } from '#lib/model/evaluation-run/schema.ts'
import { instant } from '#lib/platform/api/instant.ts'
import { statisticSchema } from '#lib/vocabulary/statistic.ts'

const attention = z.strictObject({
  kind: z.string(),
  severity: z.enum(['error', 'warning', 'info']),
  title: z.string(),
  detail: z.string(),
  /** The page where something can be done about it; null where there is none. */
  href: z.string().nullable(),
})
export type Attention = z.infer<typeof attention>

export const overviewSchema = z.strictObject({
  /** The newest model version and the run by which it is judged; null before there is a version. */
  newestVersion: z
    .strictObject({
      id: z.uuid(),
      label: z.string(),
      createdAt: instant,
      accuracy: statisticSchema.nullable(),
      evaluationRunId: z.uuid().nullable(),
      dataset: z.string().nullable(),
    })
    .nullable(),
  /** Oldest first, each version's latest succeeded run on one dataset: `final_eval`, else the most used one. */
  accuracyOverVersions: z.array(
    z.strictObject({
      modelVersionId: z.uuid(),
      label: z.string(),
      createdAt: instant,
      dataset: z.string(),
      evaluationRunId: z.uuid(),
      accuracy: statisticSchema,
      n: z.int(),
    }),
  ),
  latestRuns: z.array(evaluationRunSummarySchema),
  /** The gravest first. */
  attention: z.array(attention),
})
export type Overview = z.infer<typeof overviewSchema>
