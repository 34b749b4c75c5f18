import { and, eq, isNull, sql } from 'drizzle-orm'
import { datasets } from '#db/schema/dataset.ts'
import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import type { Context } from '#lib/platform/context.ts'
import { expectedMaximum } from '#lib/statistics/expected-maximum.ts'
import type { Statistic } from '#lib/vocabulary/statistic.ts'

/** How often a dataset has been looked at: each look at held-out images makes them less held out. */
export type HeldOutUse = {
  /** Succeeded runs that are still there, and how many versions they are of. */
  runs: number
  versions: number
  firstAt: Date | null
  lastAt: Date | null
}

export async function getHeldOutUse(
  { db }: Pick<Context, 'db'>,
  input: { dataset: string },
): Promise<HeldOutUse> {
  const [use] = await db
    .select({
      runs: sql<number>`count(*)`.mapWith(Number),
      versions: sql<number>`count(distinct ${evaluationRuns.modelVersionId})`.mapWith(Number),
      firstAt: sql<Date | null>`min(${evaluationRuns.finishedAt})`.mapWith(evaluationRuns.finishedAt),
      lastAt: sql<Date | null>`max(${evaluationRuns.finishedAt})`.mapWith(evaluationRuns.finishedAt),
    })
    .from(evaluationRuns)
    .innerJoin(datasets, eq(datasets.id, evaluationRuns.datasetId))
    .where(
      and(
        eq(datasets.name, input.dataset),
        isNull(datasets.archivedAt),
        eq(evaluationRuns.status, 'succeeded'),
      ),
    )
  return use ?? { runs: 0, versions: 0, firstAt: null, lastAt: null }
}

/**
 * By how much the best of several equally good versions looks better than it is, on average, when it was chosen by these
 * very images: the largest of as many draws with the accuracy's standard error √(p(1−p)/n). An upper bound in practice,
 * since versions make the same mistakes. Null without images or versions.
 */
export function selectionOptimism(best: Pick<Statistic, 'value' | 'n'>, versions: number): number | null {
  if (best.value === null || best.n === 0 || versions < 1) return null
  return expectedMaximum(versions) * Math.sqrt((best.value * (1 - best.value)) / best.n)
}
