import { accuracy } from './accuracy.ts'
import { auroc } from './auroc.ts'
import { balancedAccuracy } from './balanced-accuracy.ts'
import { type ConfusionMatrix, confusionTotals, keepReferences } from './confusion-matrix.ts'
import { findingClassMetrics } from './finding-class-metrics.ts'
import { macroAuroc } from './macro-auroc.ts'
import { macroF1 } from './macro-f1.ts'
import { perClassRates } from './per-class-rates.ts'
import type { ModalityScores } from './prepared-predictions.ts'
import { ratio } from './proportion.ts'
import type { WithinModality } from './schema.ts'

/**
 * The metrics among the images of one modality. Chest X-rays are trivial negatives for an OCT class and the other
 * way round, and inflate AUROC and specificity over all classes.
 *
 * Only the set of images is restricted. Predicted classes and probabilities stay as the model gave them over
 * all its classes: that is what reaches the reading room, where the other modality's classes are not masked. A
 * cross-modality prediction is therefore an error here too, and is counted. (Restricting and renormalising the
 * probabilities would hide exactly those errors, and describe a model that is not in use.)
 */
export function withinModality(
  classes: readonly string[],
  matrix: ConfusionMatrix,
  { includes, ranked }: ModalityScores,
): WithinModality {
  const own = keepReferences(matrix, (k) => includes[k] === true)
  const { references, predictions, total } = confusionTotals(own)
  const rates = perClassRates(own)
  const aurocs = ranked.map((scores) => (scores === null ? null : auroc(scores)))
  const predictedInside = predictions.reduce((sum, count, k) => (includes[k] ? sum + count : sum), 0)
  return {
    n: total,
    classesPresent: references.filter((images) => images > 0).length,
    accuracy: ratio(accuracy(own)),
    balancedAccuracy: balancedAccuracy(rates),
    macroF1: macroF1(rates),
    macroAuroc: macroAuroc(aurocs),
    crossModalityPredictions: total - predictedInside,
    findingClasses: findingClassMetrics(classes, own, aurocs).filter((_, k) => includes[k]),
  }
}
