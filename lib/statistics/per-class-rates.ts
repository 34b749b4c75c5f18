import { type ConfusionMatrix, confusionTotals } from './confusion-matrix.ts'
import type { Proportion } from './proportion.ts'

/** The rates of one finding class against all others; each is a proportion, so each has a Wilson interval. */
export type ClassRates = {
  /** Sensitivity TP / (TP + FN): the product's per-class accuracy. Never (TP + TN) / n, which rarity inflates. */
  sensitivity: Proportion
  /** TN / (TN + FP): images of other classes that were not called this class. */
  specificity: Proportion
  /** Positive predictive value TP / (TP + FP). Holds for the prevalence of this dataset only. */
  ppv: Proportion
  /** Negative predictive value TN / (TN + FN). Holds for the prevalence of this dataset only. */
  npv: Proportion
  /** 2 TP / (2 TP + FP + FN), the harmonic mean of sensitivity and PPV. Range 0–1. */
  f1: number | null
}

const NOTHING: Proportion = { successes: 0, trials: 0 }

/**
 * One-versus-rest rates per class, in class order, from the confusion matrix.
 * A class without images has no rates at all (0 of 0, null); what was wrongly predicted as that class still
 * counts as false negatives of the true classes.
 *
 * Source: Altman & Bland, BMJ 1994 (308:1552 and 309:102); van Rijsbergen, Information Retrieval, 1979, for F1.
 * Example: [[45, 3, 2], [5, 30, 5], [1, 4, 25]], class 0 → sensitivity 45/50, specificity 64/70, PPV 45/51,
 * NPV 64/69, F1 90/101
 */
export function perClassRates(matrix: ConfusionMatrix): ClassRates[] {
  const { references, predictions, correct, total } = confusionTotals(matrix)
  return Array.from(references, (positives, k) => {
    if (positives === 0) {
      return { sensitivity: NOTHING, specificity: NOTHING, ppv: NOTHING, npv: NOTHING, f1: null }
    }
    const called = predictions[k] as number
    const truePositives = correct[k] as number
    const trueNegatives = total - positives - called + truePositives
    return {
      sensitivity: { successes: truePositives, trials: positives },
      specificity: { successes: trueNegatives, trials: total - positives },
      ppv: { successes: truePositives, trials: called },
      npv: { successes: trueNegatives, trials: total - called },
      f1: (2 * truePositives) / (positives + called),
    }
  })
}
