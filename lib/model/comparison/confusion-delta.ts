import { confusionMatrix } from '#lib/statistics/confusion-matrix.ts'
import { labelled, type PairedPredictions, type VersionAnswers } from './paired-predictions.ts'
import type { ConfusionDelta } from './schema.ts'

/** Where the versions put the same images: both confusion matrices and their difference, cell by cell. */
export function confusionDelta(pairs: PairedPredictions): ConfusionDelta {
  const baseline = rowsOf(pairs, pairs.baseline)
  const candidate = rowsOf(pairs, pairs.candidate)
  const delta = candidate.map((row, r) => row.map((count, p) => count - (baseline[r]?.[p] ?? 0)))
  return { classes: [...pairs.classes], baseline, candidate, delta }
}

function rowsOf(pairs: PairedPredictions, answers: VersionAnswers): number[][] {
  const { classCount, counts } = confusionMatrix(labelled(pairs, answers))
  return Array.from({ length: classCount }, (_, row) =>
    Array.from(counts.subarray(row * classCount, (row + 1) * classCount)),
  )
}
