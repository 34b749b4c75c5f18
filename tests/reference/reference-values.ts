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
