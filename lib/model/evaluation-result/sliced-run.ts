import { setImmediate as pause } from 'node:timers/promises'
import { asc, eq, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { images, snapshotImages } from '#db/schema/dataset.ts'
import { evaluationRunErrors, predictions } from '#db/schema/evaluation-run.ts'
import { modelVersions } from '#db/schema/model-version.ts'
import type { RunRow } from '#lib/model/evaluation-run/change-run.ts'
import { isOwnAfter, ownError, ownPrediction, type RunScope } from '#lib/model/evaluation-run/manifest.ts'
import { getRun, getScope } from '#lib/model/evaluation-run/queries.ts'
import type { Asker } from '#lib/platform/concurrency/heavy-reads.ts'
import { SharedWork, type Work } from '#lib/platform/concurrency/shared-work.ts'
import { modalityOf } from '#lib/vocabulary/finding-class.ts'
import type { ModelCard } from '#lib/vocabulary/model-card.ts'
import { refuseUnlessSucceeded } from './renew-result.ts'
import type { SlicedImage } from './slice-names.ts'

/** A run's predicted images as its slices see them. */
export type SlicedRun = readonly (SlicedImage & { isRight: boolean })[]

/** A hundred thousand images take some 25 MB. */
const BYTES_OF_IMAGE = 250
const shared = new SharedWork<SlicedRun>('sliced-runs', {
  bytesOf: (images) => images.length * BYTES_OF_IMAGE,
})

const PAGE_ROWS = 10_000

/** Read once for all slices of the run: a succeeded run's rows do not change while it keeps its epoch. */
export async function getSlicedRun(asker: Asker, id: string): Promise<SlicedRun> {
  const run = await getRun(asker.db, id)
  refuseUnlessSucceeded(run)
  return await shared.get(asker, `${run.id} ${run.epoch}`, (work) => readRun(work, run))
}

async function readRun(work: Work, run: RunRow): Promise<SlicedRun> {
  const scope = await getScope(work.db, run)
  const modalities = await findModalities(work.db, run.modelVersionId)
  const read: (SlicedImage & { isRight: boolean })[] = []
  for await (const { findingClass, predictedIndex, confidence, ...image } of readRows(work, scope))
    read.push({
      ...image,
      confidence: confidence ?? 0,
      modality: modalityOf(findingClass, modalities),
      isRight: scope.findingClasses[predictedIndex] === findingClass,
    })
  return read
}

async function findModalities(db: Database, modelVersionId: string): Promise<ModelCard['modalities']> {
  const [version] = await db
    .select({ card: modelVersions.card })
    .from(modelVersions)
    .where(eq(modelVersions.id, modelVersionId))
  return (version?.card as ModelCard | undefined)?.modalities // checked when it was stored
}

/** Page by page and outside of any transaction; of the probabilities one, since parsing all takes most of the time. */
async function* readRows({ db, signal }: Work, scope: RunScope) {
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
        confidence: sql<number | null>`${predictions.probabilities}[${predictions.predictedIndex} + 1]`,
        code: evaluationRunErrors.code,
      })
      .from(snapshotImages)
      .innerJoin(images, eq(images.id, snapshotImages.imageId))
      .leftJoin(evaluationRunErrors, ownError(scope))
      .leftJoin(predictions, ownPrediction(scope))
      .where(isOwnAfter(scope, afterImageId))
      .orderBy(asc(snapshotImages.imageId))
      .limit(PAGE_ROWS)
    for (const { predictedIndex, code, imageId: _id, ...image } of rows)
      if (code === null && predictedIndex !== null) yield { ...image, predictedIndex }
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE_ROWS) return
    afterImageId = last.imageId
    await pause()
    signal.throwIfAborted()
  }
}
