import type { Database } from '#db/client.ts'
import { registerEvaluationAccuracy } from './evaluation-accuracy.ts'
import { registerEvaluationRuns } from './evaluation-runs.ts'
import { httpRequestDuration } from './http-request-duration.ts'
import { httpRequests } from './http-requests.ts'
import { registerModelAccuracyPerClass } from './model-accuracy-per-class.ts'
import { registerModelOverallAccuracy } from './model-overall-accuracy.ts'
import { metricsRegistry } from './registry.ts'

/**
 * All metrics as Prometheus reads them, the gauges from what is stored now. Rejects when the database is away: the
 * scrape then fails and is seen to fail, instead of showing numbers of before.
 */
export async function scrapeMetrics(db: Database): Promise<{ contentType: string; text: string }> {
  httpRequests()
  httpRequestDuration()
  registerModelOverallAccuracy(db)
  registerModelAccuracyPerClass(db)
  registerEvaluationAccuracy(db)
  registerEvaluationRuns(db)
  const registry = metricsRegistry()
  return { contentType: registry.contentType, text: await registry.metrics() }
}
