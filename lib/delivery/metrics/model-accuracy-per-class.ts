import { Gauge } from 'prom-client'
import type { Database } from '#db/client.ts'
import { currentByDataset, findLatestResults } from './latest-results.ts'
import { familyOf } from './registry.ts'

const NAME = 'model_accuracy_per_class'

/** Name and labels are the seed system's, and so is the meaning: the class's sensitivity. */
export function registerModelAccuracyPerClass(db: Database): void {
  familyOf(
    NAME,
    (registry) =>
      new Gauge({
        name: NAME,
        help: 'Sensitivity of a finding class in the latest succeeded evaluation run of the dataset',
        labelNames: ['dataset', 'class_name'],
        registers: [registry],
        async collect() {
          const results = currentByDataset(await findLatestResults(db))
          this.reset()
          for (const { dataset, findingClasses } of results)
            for (const { findingClass, accuracy } of findingClasses)
              if (accuracy !== null) this.set({ dataset, class_name: findingClass }, accuracy)
        },
      }),
  )
}
