import type { Asker } from '#lib/platform/concurrency/heavy-reads.ts'
import { holdExport } from '#lib/platform/concurrency/hold-export.ts'
import { csvPageRows, csvText } from '#lib/platform/http/csv-text.ts'
import { comparedList } from './compared-list.ts'
import { type ComparedImagesQuery, describeImages } from './list-compared-images.ts'
import { pairRuns } from './pair-runs.ts'
import type { ComparedImage } from './schema.ts'

/**
 * The listed images as CSV, page by page as the reader takes them: for each version one column for each class, named
 * `baseline:<class>` and `candidate:<class>`; probabilities so that `Number(text)` gives the stored float64 back.
 */
export async function exportComparedImages(
  context: Asker,
  query: ComparedImagesQuery,
): Promise<AsyncGenerator<string>> {
  const paired = await pairRuns(context, query) // what is refused fails before the reply begins
  const listed = comparedList(paired, query)
  const { classes } = paired.pairs
  const header = [
    ...['imageKey', 'referenceClass', 'patient', 'outcome', 'change'],
    ...(['baseline', 'candidate'] as const).flatMap((side) => [
      `${side}PredictedClass`,
      ...classes.map((name) => `${side}:${name}`),
    ]),
  ]
  return await holdExport(context, pages())

  async function* pages() {
    yield csvText([header])
    const rows = csvPageRows(header.length)
    for (let from = 0; from < listed.length; from += rows) {
      const page = await describeImages(context.db, paired, listed.slice(from, from + rows))
      yield csvText(page.map(rowOf))
    }
  }
}

function rowOf({ imageKey, referenceClass, patient, outcome, change, baseline, candidate }: ComparedImage) {
  return [
    ...[imageKey, referenceClass, patient, outcome, change],
    ...[baseline, candidate].flatMap((answer) => [answer.predictedClass, ...answer.probabilities]),
  ]
}
