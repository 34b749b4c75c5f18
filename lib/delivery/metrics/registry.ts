import { collectDefaultMetrics, type Metric, Registry } from 'prom-client'

const holder = globalThis as { secondReaderMetrics?: Registry }

/** The one registry of this process: the bundler and plain Node load this module once each. */
export function metricsRegistry(): Registry {
  if (holder.secondReaderMetrics === undefined) {
    holder.secondReaderMetrics = new Registry()
    collectDefaultMetrics({ register: holder.secondReaderMetrics })
    // Gauges named like counters: promtool complains, and the same stands in the gauges by type.
    for (const misnamed of ['handles', 'requests', 'resources'])
      holder.secondReaderMetrics.removeSingleMetric(`nodejs_active_${misnamed}_total`)
  }
  return holder.secondReaderMetrics
}

/** The metric family of this name, made on first use. */
export function familyOf<M extends Metric>(name: string, make: (registry: Registry) => M): M {
  const registry = metricsRegistry()
  return (registry.getSingleMetric(name) as M | undefined) ?? make(registry)
}
