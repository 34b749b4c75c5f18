/** Rows of one statement: the arrays of a statement lie in memory twice, and it must end within the patience of requests. */
const BATCH_ROWS = 5000

/** The rows in pieces of a bounded size, in order. */
export function* inBatches<T>(rows: readonly T[]): Iterable<readonly T[]> {
  for (let at = 0; at < rows.length; at += BATCH_ROWS) yield rows.slice(at, at + BATCH_ROWS)
}
