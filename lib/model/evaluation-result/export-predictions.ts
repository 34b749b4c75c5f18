import type { Asker } from '#lib/platform/concurrency/heavy-reads.ts'
import { holdExport } from '#lib/platform/concurrency/hold-export.ts'
import { csvPageRows, csvText } from '#lib/platform/http/csv-text.ts'
import { getListScope, type PredictionQuery, readPredictions } from './list-predictions.ts'

/**
 * A run's answered images, filtered, as CSV, page by page as the reader takes them: one column for each of the version's finding
 * classes, probabilities so that `Number(text)` gives the stored float64 back. Names that a spreadsheet would take
 * for a formula get an apostrophe.
 */
export async function exportPredictions(
  asker: Asker,
  input: Omit<PredictionQuery, 'after' | 'take'> & { id: string },
): Promise<AsyncGenerator<string>> {
  const { db } = asker
  const scope = await getListScope(db, input.id) // a wrong id fails before the reply begins
  return await holdExport(asker, pages())

  async function* pages() {
    const header = [
      ...['imageKey', 'referenceClass', 'predictedClass', 'status', 'code'],
      ...scope.findingClasses,
    ]
    const take = csvPageRows(header.length)
    yield csvText([header])
    for (let after: PredictionQuery['after'] = null; ; ) {
      const page = await readPredictions(db, scope, { ...input, after, take })
      if (page.length > 0) {
        yield csvText(
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
      if (last === undefined || page.length < take) return
      after = last
    }
  }
}
