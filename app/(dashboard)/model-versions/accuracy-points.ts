import type { ModelVersionView } from '#lib/model/registry/schema.ts'
import type { Statistic } from '#lib/vocabulary/statistic.ts'

export type AccuracyPoint = {
  modelVersionId: string
  label: string
  dataset: string
  accuracy: Statistic
  n: number
}

type Version = Pick<ModelVersionView, 'id' | 'label' | 'latestEvaluations' | 'finalEvaluation'>

/** More would not be told apart. */
const SHOWN = 20

/**
 * The newest versions that were evaluated on one dataset, the oldest first: on `final_eval`, else on the dataset on
 * which most were. Accuracies on different datasets are not drawn as one line.
 */
export function accuracyPoints(newestFirst: readonly Version[]): AccuracyPoint[] {
  const dataset = newestFirst.find(({ finalEvaluation }) => finalEvaluation !== null)?.finalEvaluation
    ?.dataset
  const chosen = dataset ?? mostFrequent(newestFirst.flatMap(({ latestEvaluations }) => latestEvaluations))
  return newestFirst
    .flatMap(({ id, label, latestEvaluations }) => {
      const evaluation = latestEvaluations.find((each) => each.dataset === chosen)
      if (evaluation === undefined) return []
      const { accuracy, n } = evaluation
      return [{ modelVersionId: id, label, dataset: evaluation.dataset, accuracy, n }]
    })
    .slice(0, SHOWN)
    .toReversed()
}

function mostFrequent(evaluations: readonly { dataset: string }[]): string | null {
  const counts = new Map<string, number>()
  for (const { dataset } of evaluations) counts.set(dataset, (counts.get(dataset) ?? 0) + 1)
  const [first] = [...counts].sort(([, a], [, b]) => b - a)
  return first?.[0] ?? null
}
