import { Gauge } from 'prom-client'
import type { Database } from '#db/client.ts'
import { currentByDataset, findLatestResults } from './latest-results.ts'
import { familyOf } from './registry.ts'

const NAME = 'model_overall_accuracy'

/** The name is the seed system's. Undefined without images: then there is no series. */
export function registerModelOverallAccuracy(db: Database): void {
  familyOf(
    NAME,
    (registry) =>
      new Gauge({
        name: NAME,
        help: 'Share of correctly predicted images in the latest succeeded evaluation run of the dataset',
        labelNames: ['dataset'],
        registers: [registry],
        async collect() {
          const results = currentByDataset(await findLatestResults(db))
          this.reset()
          for (const { dataset, accuracy } of results) if (accuracy !== null) this.set({ dataset }, accuracy)
        },
      }),
  )
}
