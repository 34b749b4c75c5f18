import { ServiceError } from '#lib/platform/errors.ts'

/** The time of an import grows with its rows and its probabilities: so many take about a minute. */
export const MOST_PREDICTIONS = 150_000
export const MOST_PROBABILITIES = 1_500_000

/**
 * Refuses an import that would take longer than its client waits, before anything else is looked at. What is no import at
 * all passes: its schema refuses it.
 */
export function refuseLargeImport(given: unknown): void {
  const rows = lengthOf(property(given, 'predictions'))
  const findingClasses = lengthOf(property(property(given, 'modelVersion'), 'findingClasses'))
  const most = Math.min(MOST_PREDICTIONS, Math.floor(MOST_PROBABILITIES / Math.max(1, findingClasses)))
  if (rows <= most) return
  throw new ServiceError(
    'TOO_LARGE',
    `An import of ${findingClasses} finding classes may have ${most} predictions, and this one has ${rows}: split it into datasets.`,
    { code: 'TOO_MANY_PREDICTIONS', details: { mostPredictions: most, predictions: rows } },
  )
}

function property(given: unknown, name: string): unknown {
  return typeof given === 'object' && given !== null && Object.hasOwn(given, name)
    ? (given as Record<string, unknown>)[name]
    : undefined
}

function lengthOf(given: unknown): number {
  return Array.isArray(given) ? given.length : 0
}
