import { meanOfDefined } from './mean-of-defined.ts'
import type { ClassRates } from './per-class-rates.ts'
import { ratio } from './proportion.ts'

/**
 * The unweighted mean of the sensitivities of the classes that have images, so that a rare class counts as
 * much as a common one. Range 0–1; null without images.
 *
 * Source: Brodersen et al., ICPR 2010; equals scikit-learn's balanced_accuracy_score.
 * Example: sensitivities 0.9, 0.75, 0.8333 → 0.8278
 */
export function balancedAccuracy(rates: readonly ClassRates[]): number | null {
  return meanOfDefined(rates.map(({ sensitivity }) => ratio(sensitivity)))
}
