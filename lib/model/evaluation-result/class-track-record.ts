import type { Database } from '#db/client.ts'
import { decisiveEvaluation, findLatestEvaluations } from '#lib/model/registry/evaluations.ts'
import type { EvaluationMetrics } from '#lib/statistics/evaluation-metrics.ts'
import { ratio } from '#lib/statistics/proportion.ts'
import type { Statistic } from '#lib/vocabulary/statistic.ts'
import { getEvaluationMetrics } from './get-metrics.ts'

/** What past evaluations say of a predicted class: how far it may be trusted, and what else it may be. */
export type ClassTrackRecord = {
  findingClass: string
  dataset: string
  evaluationRunId: string
  /** Images of the class in that run. */
  n: number
  /** Of the images of this class, the share that was predicted as it. */
  sensitivity: Statistic
  /** Of the images predicted as this class, the share that is of it: holds for that dataset's mix of classes. */
  ppv: Statistic
  /** Among the images predicted as this class, what the others of them were; `share` is of all of these images. */
  mostConfusedWith: { findingClass: string; count: number; share: number | null }[]
}

const SHOWN_CONFUSIONS = 3

/** From the version's latest succeeded run on `final_eval`, else on any dataset; null where there is none. */
export async function findClassTrackRecord(
  db: Database,
  modelVersionId: string,
  findingClass: string,
): Promise<ClassTrackRecord | null> {
  const latest = await findLatestEvaluations(db, [modelVersionId])
  const evaluation = decisiveEvaluation(latest.get(modelVersionId) ?? [])
  if (evaluation === null) return null
  const { evaluationRunId, dataset } = evaluation
  const metrics = await getEvaluationMetrics({ db }, { id: evaluationRunId })
  const intervals = Object.hasOwn(metrics.intervals.findingClasses, findingClass)
    ? metrics.intervals.findingClasses[findingClass]
    : undefined
  if (intervals === undefined) return null
  const { accuracy: sensitivity, ppv } = intervals
  const mostConfusedWith = confusionsOf(metrics.confusion, findingClass)
  return { findingClass, dataset, evaluationRunId, n: sensitivity.n, sensitivity, ppv, mostConfusedWith }
}

/** The other references of what was predicted as the class, the most frequent first. */
export function confusionsOf(
  { classes, counts }: EvaluationMetrics['confusion'],
  findingClass: string,
): ClassTrackRecord['mostConfusedWith'] {
  const predicted = classes.indexOf(findingClass)
  const column = counts.map((row) => row[predicted] ?? 0)
  const trials = column.reduce((sum, count) => sum + count, 0)
  return classes
    .map((name, index) => ({ findingClass: name, count: column[index] ?? 0 }))
    .filter(({ findingClass: name, count }) => name !== findingClass && count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, SHOWN_CONFUSIONS)
    .map((each) => ({ ...each, share: ratio({ successes: each.count, trials }) }))
}
