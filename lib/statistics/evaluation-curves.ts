import { auroc } from './auroc.ts'
import { topLabelScores } from './binned-scores.ts'
import { confidenceHistogram } from './confidence-histogram.ts'
import { checkLabelledPredictions, type LabelledPredictions } from './labelled-predictions.ts'
import { rankScores } from './ranked-scores.ts'
import { reliabilityDiagram } from './reliability-diagram.ts'
import { type RocCurve, rocCurve } from './roc-curve.ts'
import type { ConfidenceBin, ReliabilityDiagram } from './schema.ts'

/** The diagrams of an evaluation, as counts where they can be: rates are derived when they are shown. */
export type EvaluationCurves = {
  n: number
  reliability: ReliabilityDiagram
  roc: ({ findingClass: string; auroc: number | null } & RocCurve)[]
  confidence: ConfidenceBin[]
}

/** All diagrams of an evaluation run from its rows, in the order of the version's classes. */
export async function evaluationCurves(
  classes: readonly string[],
  columns: Omit<LabelledPredictions, 'classCount'>,
  pause: () => Promise<unknown>,
): Promise<EvaluationCurves> {
  const predictions = { ...columns, classCount: classes.length }
  checkLabelledPredictions(predictions)
  const topLabel = topLabelScores(predictions)
  const roc: EvaluationCurves['roc'] = []
  for (const [classIndex, findingClass] of classes.entries()) {
    await pause() // sorting a million images takes a fraction of a second for each class
    const ranked = rankScores(predictions, classIndex)
    roc.push({ findingClass, auroc: auroc(ranked), ...rocCurve(ranked) })
  }
  await pause()
  return {
    n: predictions.referenceIndices.length,
    reliability: reliabilityDiagram(predictions),
    roc,
    confidence: confidenceHistogram(topLabel),
  }
}
