import { type SQL, sql } from 'drizzle-orm'
import { evaluationRunResults, evaluationRuns } from '#db/schema/evaluation-run.ts'
import type { RunSort } from './schema.ts'

/** A run's place in every order of the list. */
export type RunPlace = { id: string; createdAt: Date; accuracy: { value: number | null } | null }

export function orderOf(sort: RunSort): SQL[] {
  const way = sort === 'created-desc' ? sql`desc` : sql`asc`
  return [sql`${rankBy(sort)} ${way}`, sql`${evaluationRuns.id} ${way}`]
}

/** True of the runs that come after a place in the list's order. */
export function isAfter(sort: RunSort, place: RunPlace): SQL {
  const sign = sort === 'created-desc' ? sql`<` : sql`>`
  const rank = sort.startsWith('created')
    ? sql`${place.createdAt.toISOString()}::timestamptz`
    : sql`${rankOf(sort, place.accuracy?.value ?? null)}::double precision`
  return sql`(${rankBy(sort)}, ${evaluationRuns.id}) ${sign} (${rank}, ${place.id}::uuid)`
}

/** Ascending in both orders by accuracy; beyond every accuracy where there is none. */
const WITHOUT_ACCURACY = 2

function rankBy(sort: RunSort): SQL {
  // Cursors carry JavaScript's milliseconds, the column microseconds: the order must be one that both can tell.
  if (sort.startsWith('created')) return sql`date_trunc('milliseconds', ${evaluationRuns.createdAt})`
  const sign = sql.raw(sort === 'accuracy-desc' ? '-' : '')
  const accuracy = sql`case when ${evaluationRuns.status} = 'succeeded'
    then (${evaluationRunResults.metrics} #>> '{overall,accuracy}')::double precision end`
  return sql`coalesce(${sign}(${accuracy}), ${sql.raw(String(WITHOUT_ACCURACY))})`
}

function rankOf(sort: RunSort, accuracy: number | null): number {
  if (accuracy === null) return WITHOUT_ACCURACY
  return sort === 'accuracy-desc' ? -accuracy : accuracy
}
