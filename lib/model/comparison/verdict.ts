import type { Statistic } from '#lib/vocabulary/statistic.ts'
import type { Verdict } from './schema.ts'

/** Better or worse only where the interval of the difference excludes 0; whatever else: undecided. */
export function verdictOf({ low, high }: Pick<Statistic, 'low' | 'high'>): Verdict {
  if (low !== null && low > 0) return 'better'
  if (high !== null && high < 0) return 'worse'
  return 'undecided'
}
