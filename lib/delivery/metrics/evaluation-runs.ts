import { count } from 'drizzle-orm'
import { Gauge } from 'prom-client'
import type { Database } from '#db/client.ts'
import { RUN_STATUSES } from '#db/schema/enumerations.ts'
import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import { familyOf } from './registry.ts'

const NAME = 'second_reader_evaluation_runs'

export function registerEvaluationRuns(db: Database): void {
  familyOf(
    NAME,
    (registry) =>
      new Gauge({
        name: NAME,
        help: 'Evaluation runs by status',
        labelNames: ['status'],
        registers: [registry],
        async collect() {
          const rows = await db
            .select({ status: evaluationRuns.status, runs: count() })
            .from(evaluationRuns)
            .groupBy(evaluationRuns.status)
          for (const status of RUN_STATUSES)
            this.set({ status }, rows.find((row) => row.status === status)?.runs ?? 0)
        },
      }),
  )
}
