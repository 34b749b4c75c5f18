import { setImmediate as pause } from 'node:timers/promises'
import { asc, eq, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { images, snapshotImages } from '#db/schema/dataset.ts'
import { evaluationRunErrors, predictions } from '#db/schema/evaluation-run.ts'
import { isOwnAfter, ownError, ownPrediction, type RunScope } from '#lib/model/evaluation-run/manifest.ts'

/** By what runs over different snapshots are joined; without content there is no hash. */
export type ImageContent = { key: string; sha256: string | null }

/** The images that a run has predictions of, by image id, in columns: a million of nine classes take 100 MB. */
export type Answers = {
  /** The version's, in output order. */
  findingClasses: readonly string[]
  imageIds: Float64Array
  /** Reference and predicted class: positions in `findingClasses`. */
  referenceIndices: Int32Array
  predictedIndices: Int32Array
  /** Image after image. */
  probabilities: Float64Array
  patients: (string | null)[]
  /** Per image; null where it was not asked for. */
  contents: ImageContent[] | null
  /** Images that the run got no prediction of. */
  errors: number
}

/** As in `compute-metrics.ts`: requests come in between. */
const PAGE_ROWS = 5_000

/** Read in pages and outside of any transaction: a succeeded run's rows do not change. */
export async function readAnswers(
  db: Database,
  scope: RunScope,
  { withContent, signal }: { withContent: boolean; signal: AbortSignal },
): Promise<Answers> {
  const pages: Answers[] = []
  for (let afterImageId = 0; ; ) {
    const rows = await readPage(db, scope, withContent, afterImageId)
    pages.push(columnsOf(rows, scope, withContent))
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE_ROWS) return joinPages(pages, scope)
    afterImageId = last.imageId
    await pause()
    signal.throwIfAborted()
  }
}

type Row = Awaited<ReturnType<typeof readPage>>[number]

async function readPage(db: Database, scope: RunScope, withContent: boolean, afterImageId: number) {
  return await db
    .select({
      imageId: images.id,
      findingClass: images.findingClass,
      patient: images.patient,
      predictedIndex: predictions.predictedIndex,
      probabilities: predictions.probabilities,
      code: evaluationRunErrors.code,
      content: withContent
        ? sql<ImageContent>`json_build_object('key', ${images.key},
            'sha256', case when ${images.hasContent} then encode(${images.sha256}, 'hex') end)`
        : sql<null>`null`,
    })
    .from(snapshotImages)
    .innerJoin(images, eq(images.id, snapshotImages.imageId))
    .leftJoin(predictions, ownPrediction(scope))
    .leftJoin(evaluationRunErrors, ownError(scope))
    .where(isOwnAfter(scope, afterImageId))
    .orderBy(asc(snapshotImages.imageId))
    .limit(PAGE_ROWS)
}

function columnsOf(rows: readonly Row[], { findingClasses }: RunScope, withContent: boolean): Answers {
  const indexOf = new Map(findingClasses.map((name, index) => [name, index]))
  const answered = rows.filter(({ code, probabilities }) => code === null && probabilities !== null)
  const probabilities = new Float64Array(answered.length * findingClasses.length)
  answered.forEach((row, i) => {
    probabilities.set(row.probabilities ?? [], i * findingClasses.length)
  })
  return {
    findingClasses,
    imageIds: Float64Array.from(answered, ({ imageId }) => imageId),
    referenceIndices: Int32Array.from(answered, ({ findingClass }) => indexOf.get(findingClass) ?? -1),
    predictedIndices: Int32Array.from(answered, ({ predictedIndex }) => predictedIndex ?? -1),
    probabilities,
    patients: answered.map(({ patient }) => patient),
    contents: withContent ? answered.flatMap(({ content }) => content ?? []) : null,
    errors: rows.length - answered.length,
  }
}

function joinPages(pages: readonly Answers[], { findingClasses }: RunScope): Answers {
  return {
    findingClasses,
    imageIds: joinColumn(pages, ({ imageIds }) => imageIds, Float64Array),
    referenceIndices: joinColumn(pages, ({ referenceIndices }) => referenceIndices, Int32Array),
    predictedIndices: joinColumn(pages, ({ predictedIndices }) => predictedIndices, Int32Array),
    probabilities: joinColumn(pages, ({ probabilities }) => probabilities, Float64Array),
    patients: pages.flatMap(({ patients }) => patients),
    contents: pages[0]?.contents === null ? null : pages.flatMap(({ contents }) => contents ?? []),
    errors: pages.reduce((sum, { errors }) => sum + errors, 0),
  }
}

function joinColumn<T extends Float64Array | Int32Array>(
  pages: readonly Answers[],
  column: (page: Answers) => T,
  Column: new (length: number) => T,
): T {
  const columns = pages.map(column)
  const joined = new Column(columns.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const each of columns) {
    joined.set(each, at)
    at += each.length
  }
  return joined
}
