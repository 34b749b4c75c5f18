import { accuracy } from './accuracy.ts'
import { auroc } from './auroc.ts'
import { balancedAccuracy } from './balanced-accuracy.ts'
import { cohenKappa } from './cohen-kappa.ts'
import { confusionMatrix, confusionTotals } from './confusion-matrix.ts'
import { expectedCalibrationError } from './expected-calibration-error.ts'
import { macroAuroc, weightedAuroc } from './macro-auroc.ts'
import { macroF1 } from './macro-f1.ts'
import { mcc } from './mcc.ts'
import { perClassRates } from './per-class-rates.ts'
import type { PreparedPredictions } from './prepared-predictions.ts'
import { ratio } from './proportion.ts'
import type { EvaluationMetrics } from './schema.ts'
import { weightedMean } from './weighted-mean.ts'

/** The overall numbers that are not plain proportions of independent images, and so need a bootstrap. */
export type ResampledOverall = Omit<EvaluationMetrics['overall'], 'classwiseEce'>

export type ResampledMetrics = {
  overall: ResampledOverall
  /** Per class, in class order. */
  f1: (number | null)[]
  auroc: (number | null)[]
  /** Per modality, in the order of the prepared modalities: macro AUROC among the modality's images. */
  modalityMacroAuroc: (number | null)[]
}

/**
 * The metrics of all images once (without weights), or of a bootstrap resample in which image i counts
 * `weights[i]` times. One definition for the value and for its interval.
 */
export function resampledMetrics(prepared: PreparedPredictions, weights?: Int32Array): ResampledMetrics {
  const matrix = confusionMatrix(prepared.predictions, weights)
  const rates = perClassRates(matrix)
  const aurocs = prepared.ranked.map((ranked) => auroc(ranked, weights))
  return {
    overall: {
      accuracy: ratio(accuracy(matrix)),
      balancedAccuracy: balancedAccuracy(rates),
      macroF1: macroF1(rates),
      macroAuroc: macroAuroc(aurocs),
      weightedAuroc: weightedAuroc(aurocs, confusionTotals(matrix).references),
      mcc: mcc(matrix),
      cohenKappa: cohenKappa(matrix),
      ece: expectedCalibrationError(prepared.topLabel, weights),
      logLoss: weightedMean(prepared.logLosses, weights),
      brier: weightedMean(prepared.brierScores, weights),
    },
    f1: rates.map(({ f1 }) => f1),
    auroc: aurocs,
    modalityMacroAuroc: prepared.modalities.map(({ ranked }) =>
      macroAuroc(ranked.map((own) => (own === null ? null : auroc(own, weights)))),
    ),
  }
}
