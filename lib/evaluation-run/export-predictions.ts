import { stringify } from 'csv-stringify/sync'
import type { Context } from '#lib/context.ts'
import { readPredictions } from './list-predictions.ts'
import { getRun, getScope } from './queries.ts'

const PAGE_ROWS = 2_000

/**
 * A run's answered images as CSV, page by page as the reader takes them: one column for each of the version's finding
 * classes, probabilities so that `Number(text)` gives the stored float64 back. Names that a spreadsheet would take
 * for a formula get an apostrophe.
 */
export async function exportPredictions(
  context: Pick<Context, 'db'>,
  input: { id: string },
): Promise<AsyncGenerator<string>> {
  const { db } = context
  const scope = await getScope(db, await getRun(db, input.id)) // a wrong id fails before the reply begins
  return (async function* pages() {
    yield toCsv([['imageKey', 'referenceClass', 'predictedClass', 'status', 'code', ...scope.findingClasses]])
    let afterImageId = 0
    for (;;) {
      const page = await readPredictions(db, scope, { afterImageId, take: PAGE_ROWS })
      if (page.length > 0) {
        yield toCsv(
          page.map((row) => [
            row.imageKey,
            row.referenceClass,
            row.predictedClass,
            row.status,
            row.code,
            ...(row.probabilities ?? scope.findingClasses.map(() => null)),
          ]),
        )
      }
      const last = page.at(-1)
      if (last === undefined || page.length < PAGE_ROWS) return
      afterImageId = last.imageId
    }
  })()
}

function toCsv(rows: (string | number | null)[][]): string {
  return stringify(rows, { escape_formulas: true, record_delimiter: 'windows' })
}
