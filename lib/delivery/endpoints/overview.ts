import { z } from 'zod'
import { evaluationRunSummarySchema } from '#lib/model/evaluation-run/schema.ts'
import { defineEndpoint } from '#lib/platform/api/endpoint.ts'
import { instant } from '#lib/platform/api/instant.ts'
import { statisticSchema } from '#lib/vocabulary/statistic.ts'

export const getOverviewEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/overview',
  summary: 'The newest version, accuracy over the versions, the latest runs, and what needs attention',
  tags: ['service'],
  permission: 'evaluation-run:read',
  responses: {
    200: z.strictObject({
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
      attention: z.array(
        z.strictObject({
          kind: z.string(),
          severity: z.enum(['error', 'warning', 'info']),
          title: z.string(),
          detail: z.string(),
          href: z.string().nullable(),
        }),
      ),
    }),
  },
})

export const OVERVIEW_ENDPOINTS = [getOverviewEndpoint]
