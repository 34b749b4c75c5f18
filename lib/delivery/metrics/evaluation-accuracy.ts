import { Gauge } from 'prom-client'
import type { Database } from '#db/client.ts'
import { findLatestResults } from './latest-results.ts'
import { familyOf } from './registry.ts'

const NAME = 'second_reader_evaluation_accuracy'

export function registerEvaluationAccuracy(db: Database): void {
  familyOf(
    NAME,
    (registry) =>
      new Gauge({
        name: NAME,
        help: 'Share of correctly predicted images in the latest succeeded evaluation run of a model version on a dataset',
        labelNames: ['dataset', 'model_version'],
        registers: [registry],
        async collect() {
          const results = await findLatestResults(db)
          this.reset()
          for (const { dataset, modelVersion, accuracy } of results)
            if (accuracy !== null) this.set({ dataset, model_version: modelVersion }, accuracy)
        },
      }),
  )
}
