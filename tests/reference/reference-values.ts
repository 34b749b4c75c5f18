import { readFileSync } from 'node:fs'
import type { LabelledPredictions } from '#lib/statistics/labelled-predictions.ts'

type Value = number | null

export type ReferenceCase = {
  name: string
  classes: string[]
  references: number[]
  predicted: number[]
  probabilities: number[][]
  expected: {
    n: number
    classesPresent: number
    overall: Record<string, Value>
    findingClasses: Record<string, Value>[]
    confusion: number[][]
    accuracyWilson: [number, number]
    withinModality?: Record<string, Record<string, Value> & { findingClasses: Record<string, Value>[] }>
  }
  curves: {
    reliability: {
      n: number
      meanConfidence: Value
      accuracy: Value
      interval: { low: number; high: number } | null
    }[]
    /** [mean confidences, accuracies] of the bins that are not empty; null where scikit-learn's differ. */
    calibrationCurve: [number[], number[]] | null
    /** Per class: every [false positive rate, true positive rate]; null without a curve. */
    roc: ([number, number][] | null)[]
    confidence: { right: number; wrong: number }[]
  }
}

/** Values by NumPy, SciPy, scikit-learn and statsmodels; made by make_reference.py. */
export const reference: {
  cases: ReferenceCase[]
  intervals: {
    successes: number
    trials: number
    wilson: [number, number]
    clopperPearson: [number, number]
  }[]
  incompleteBeta: { x: number; a: number; b: number; value: number }[]
  binomial: { k: number; n: number; p: number; value: number }[]
  softmax: { logits: number[]; probabilities: number[] }[]
  quantiles: { sorted: number[]; points: { p: number; value: number }[] }
  cohenKappa: { counts: number[][]; value: number }
  xoshiro128StarStar: { state: [number, number, number, number]; words: number[] }
} = read('statistics.json')

type Pair<T> = [T, T]

/** 270 images, nine classes, two models (P1, P2), each with its expected values. */
export const golden: {
  y: number[]
  P1: number[][]
  P2: number[][]
  expected: {
    wilson: Pair<Pair<number>>
    clopper_pearson: Pair<Pair<number>>
    confusion: Pair<number[][]>
    auroc_per_class: Pair<number[]>
    kappa_models: number
    mcnemar: { only1: number; only2: number; exact_p: number; midp: number }
  } & Record<
    | 'acc'
    | 'balanced_acc'
    | 'macro_f1'
    | 'auroc_ovr_macro'
    | 'auroc_ovr_weighted'
    | 'ece15'
    | 'classwise_ece15'
    | 'brier_sum'
    | 'logloss'
    | 'mcc'
    | 'kappa_truth',
    Pair<number>
  >
} = read('golden_9class.json')

/** Rows as written in the fixtures, in the columns that lib/statistics takes. */
export function columns(
  references: readonly number[],
  predicted: readonly number[],
  probabilities: readonly (readonly number[])[],
): Omit<LabelledPredictions, 'classCount'> {
  return {
    referenceIndices: Int32Array.from(references),
    predictedIndices: Int32Array.from(predicted),
    probabilities: Float64Array.from(probabilities.flat()),
  }
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as T
}
