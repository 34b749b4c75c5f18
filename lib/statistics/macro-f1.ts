import { meanOfDefined } from './mean-of-defined.ts'
import type { ClassRates } from './per-class-rates.ts'

/**
 * The unweighted mean of F1 over the classes that have images. Range 0–1; null without images.
 * A class that is predicted but has no images is left out, where scikit-learn by default averages it in as 0:
 * the number equals f1_score(…, labels=<classes with images>, average="macro").
 *
 * Example: F1 of 0.8 and 0.6, a third class without images → 0.7
 */
export function macroF1(rates: readonly ClassRates[]): number | null {
  return meanOfDefined(rates.map(({ f1 }) => f1))
}
