import { collectDefaultMetrics, Registry } from 'prom-client'

/** The bundler and plain Node load this module once each; both must fill the one registry that is scraped. */
const holder = globalThis as { secondReaderMetrics?: Registry }

/** The metric registry of this process. */
export function getRegistry(): Registry {
  if (holder.secondReaderMetrics === undefined) {
    holder.secondReaderMetrics = new Registry()
    collectDefaultMetrics({ register: holder.secondReaderMetrics })
  }
  return holder.secondReaderMetrics
}

/** The metric of that name in the registry, made once however often its module is loaded. */
export function metricOnce<M>(name: string, make: (registry: Registry) => M): M {
  const registry = getRegistry()
  return (registry.getSingleMetric(name) as M | undefined) ?? make(registry)
}
