import type { Database } from '#db/client.ts'
import { decisiveEvaluation, findLatestEvaluations } from '#lib/model/registry/evaluations.ts'
import { ratio } from '#lib/statistics/proportion.ts'
import type { EvaluationMetrics } from '#lib/statistics/schema.ts'
import { getEvaluationMetrics } from './get-metrics.ts'
import type { ClassTrackRecord } from './schema.ts'

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
