import { Histogram } from 'prom-client'
import { familyOf } from './registry.ts'

const NAME = 'http_request_duration_seconds'
/** From a cached answer to the end of an export; event streams last longer and fall into the last. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

export function httpRequestDuration() {
  return familyOf(
    NAME,
    (registry) =>
      new Histogram({
        name: NAME,
        help: 'Seconds from a request to the end of its reply',
        labelNames: ['method', 'handler'],
        buckets: BUCKETS,
        registers: [registry],
      }),
  )
}
