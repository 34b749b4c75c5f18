import { setImmediate as pause } from 'node:timers/promises'
import { asc, eq } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { images, snapshotImages } from '#db/schema/dataset.ts'
import { evaluationRunErrors, predictions } from '#db/schema/evaluation-run.ts'
import { modelVersions } from '#db/schema/model-version.ts'
import { isOwnAfter, ownError, ownPrediction, type RunScope } from '#lib/model/evaluation-run/manifest.ts'
import { getRun, getScope } from '#lib/model/evaluation-run/queries.ts'
import type { Context } from '#lib/platform/context.ts'
import type { Statistic } from '#lib/statistics/statistic.ts'
import { proportionStatistic } from '#lib/statistics/wilson-interval.ts'
import { modalityOf } from '#lib/vocabulary/finding-class.ts'
import type { ModelCard } from '#lib/vocabulary/model-card.ts'
import { refuseUnlessSucceeded } from './renew-result.ts'
import { BANDS, type SliceDimension, type SlicedImage, sliceNameOf } from './slice-names.ts'

export type Slice = {
  name: string
  /** Wilson interval; images of one patient are taken as independent. */
  accuracy: Statistic
  /** Too few images to say anything: shown, but not to be ranked. */
  isSmall: boolean
}

export type RunSlices = {
  /** Bands in their order, whatever else by its images, the most first. */
  slices: Slice[]
  /** Slices beyond the ones that are listed. */
  more: number
  /** Images that say nothing of this. */
  without: number
}

/** Below it an interval of the accuracy is some 35 points wide. */
const SMALL_SLICE = 20
const MOST_SLICES = 200
const PAGE_ROWS = 5_000

/** The accuracy of a succeeded run in parts of its images. */
export async function sliceRun(
  { db }: Pick<Context, 'db'>,
  input: { id: string; by: SliceDimension },
): Promise<RunSlices> {
  return await countSlices(db, input.id, (image) => sliceNameOf(input.by, image), BANDS[input.by])
}

/** The same by anything that a user knows of the images, such as a column of a table: its value by image key. */
export async function sliceRunByValues(
  { db }: Pick<Context, 'db'>,
  input: { id: string; values: readonly { imageKey: string; value: string }[] },
): Promise<RunSlices> {
  const byKey = new Map(input.values.map(({ imageKey, value }) => [imageKey.normalize('NFC'), value]))
  return await countSlices(db, input.id, ({ imageKey }) => byKey.get(imageKey) ?? null, null)
}

async function countSlices(
  db: Database,
  id: string,
  nameOf: (image: SlicedImage) => string | null,
  bands: readonly string[] | null,
): Promise<RunSlices> {
  const run = await getRun(db, id)
  refuseUnlessSucceeded(run)
  const scope = await getScope(db, run)
  const modalities = await findModalities(db, run.modelVersionId)
  const counts = new Map((bands ?? []).map((name) => [name, { successes: 0, trials: 0 }]))
  let without = 0
  for await (const row of readRows(db, scope)) {
    const image = { ...row, modality: modalityOf(row.findingClass, modalities) }
    const name = nameOf(image)
    if (name === null) {
      without += 1
      continue
    }
    const count = counts.get(name) ?? { successes: 0, trials: 0 }
    count.trials += 1
    if (scope.findingClasses[row.predictedIndex] === row.findingClass) count.successes += 1
    counts.set(name, count)
  }
  const filled = [...counts].filter(([, { trials }]) => trials > 0)
  const ordered =
    bands === null
      ? filled.sort(([a, one], [b, other]) => other.trials - one.trials || (a < b ? -1 : 1))
      : filled
  return {
    slices: ordered.slice(0, MOST_SLICES).map(([name, count]) => ({
      name,
      accuracy: proportionStatistic(count),
      isSmall: count.trials < SMALL_SLICE,
    })),
    more: Math.max(0, ordered.length - MOST_SLICES),
    without,
  }
}

async function findModalities(db: Database, modelVersionId: string): Promise<ModelCard['modalities']> {
  const [version] = await db
    .select({ card: modelVersions.card })
    .from(modelVersions)
    .where(eq(modelVersions.id, modelVersionId))
  return (version?.card as ModelCard | undefined)?.modalities // checked when it was stored
}

type Row = Omit<SlicedImage, 'modality'> & { findingClass: string; predictedIndex: number }

/** The images with a prediction, page by page and outside of any transaction: a succeeded run's rows do not change. */
async function* readRows(db: Database, scope: RunScope): AsyncGenerator<Row> {
  for (let afterImageId = 0; ; ) {
    const rows = await db
      .select({
        imageId: images.id,
        imageKey: images.key,
        findingClass: images.findingClass,
        patient: images.patient,
        width: images.width,
        height: images.height,
        predictedIndex: predictions.predictedIndex,
        probabilities: predictions.probabilities,
        code: evaluationRunErrors.code,
      })
      .from(snapshotImages)
      .innerJoin(images, eq(images.id, snapshotImages.imageId))
      .leftJoin(evaluationRunErrors, ownError(scope))
      .leftJoin(predictions, ownPrediction(scope))
      .where(isOwnAfter(scope, afterImageId))
      .orderBy(asc(snapshotImages.imageId))
      .limit(PAGE_ROWS)
    for (const { predictedIndex, probabilities, code, ...image } of rows)
      if (code === null && predictedIndex !== null && probabilities !== null)
        yield { ...image, predictedIndex, confidence: probabilities[predictedIndex] ?? 0 }
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE_ROWS) return
    afterImageId = last.imageId
    await pause()
  }
}
