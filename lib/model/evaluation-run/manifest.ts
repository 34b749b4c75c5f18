import { and, asc, type Column, eq, gt, notExists, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Database } from '#db/client.ts'
import { images, snapshotImages } from '#db/schema/dataset.ts'
import { evaluationRunErrors, predictions } from '#db/schema/evaluation-run.ts'

/** One image content to ask for, and the image whose row names where it lies. */
export type RunItem = {
  imageId: number
  sha256: string
  /** Relative to the dataset's location. */
  objectKey: string
  sizeBytes: number
  /** The evaluator cannot reach the dataset: its bytes travel in the request. */
  sendBytes: boolean
}

/** Which images a run is about, and which predictions are its own: the snapshot's images of known classes. */
export type RunScope = {
  runId: string
  snapshotId: string
  /** Null until an evaluator has said by which provider it runs. */
  predictionSetId: number | null
  /** The version's. */
  findingClasses: readonly string[]
}

/** One array parameter: a version may have a thousand classes. */
const isOneOf = (column: Column, names: readonly string[]): SQL =>
  sql`${column} = any(${sql.param([...names])}::text[])`

export const isKnown = (scope: Pick<RunScope, 'findingClasses'>): SQL =>
  isOneOf(images.findingClass, scope.findingClasses)

/** The run's images of classes that the version knows, from one image id on: by it, rows are read in pages. */
export const isOwnAfter = (
  scope: Pick<RunScope, 'snapshotId' | 'findingClasses'>,
  afterImageId: number,
): SQL =>
  and(
    eq(snapshotImages.snapshotId, scope.snapshotId),
    gt(snapshotImages.imageId, afterImageId),
    isKnown(scope),
  ) as SQL

export const ownError = (scope: Pick<RunScope, 'runId'>): SQL =>
  and(eq(evaluationRunErrors.runId, scope.runId), eq(evaluationRunErrors.imageId, images.id)) as SQL

export const ownPrediction = (scope: Pick<RunScope, 'predictionSetId'>): SQL =>
  and(
    // No set yet: nothing equals null, so no prediction is found.
    sql`${predictions.predictionSetId} = ${scope.predictionSetId}`,
    eq(predictions.imageSha256, images.sha256),
  ) as SQL

/** Images of a run that have a prediction, and those of them whose prediction another run had stored. */
export async function countPredicted(
  db: Database,
  scope: RunScope,
): Promise<{ predicted: number; reused: number }> {
  const [counts] = await db
    .select({
      predicted: sql<number>`count(*)`.mapWith(Number),
      reused: sql<number>`count(*) filter (where ${predictions.runId} <> ${scope.runId})`.mapWith(Number),
    })
    .from(snapshotImages)
    .innerJoin(images, eq(images.id, snapshotImages.imageId))
    .innerJoin(predictions, ownPrediction(scope))
    .where(and(eq(snapshotImages.snapshotId, scope.snapshotId), isKnown(scope)))
  return counts ?? { predicted: 0, reused: 0 }
}

export async function listUnknownClasses(
  db: Database,
  scope: Pick<RunScope, 'snapshotId' | 'findingClasses'>,
): Promise<string[]> {
  const rows = await db
    .selectDistinct({ findingClass: images.findingClass })
    .from(snapshotImages)
    .innerJoin(images, eq(images.id, snapshotImages.imageId))
    .where(and(eq(snapshotImages.snapshotId, scope.snapshotId), sql`not ${isKnown(scope)}`))
    .orderBy(asc(images.findingClass))
  return rows.map((row) => row.findingClass)
}

/**
 * The next images without prediction and error row, by id. The same content under several keys is listed once, under
 * the first key that has not failed.
 */
export async function listMissing(
  db: Database,
  scope: RunScope,
  afterImageId: number,
  limit: number,
): Promise<RunItem[]> {
  const twin = alias(images, 'twin')
  const twinInSnapshot = alias(snapshotImages, 'twin_in_snapshot')
  const twinError = alias(evaluationRunErrors, 'twin_error')
  const earlierTwin = db
    .select({ id: twin.id })
    .from(twin)
    .innerJoin(
      twinInSnapshot,
      and(eq(twinInSnapshot.imageId, twin.id), eq(twinInSnapshot.snapshotId, scope.snapshotId)),
    )
    .leftJoin(twinError, and(eq(twinError.runId, scope.runId), eq(twinError.imageId, twin.id)))
    .where(
      and(
        eq(twin.sha256, images.sha256),
        sql`${twin.id} < ${images.id}`,
        isOneOf(twin.findingClass, scope.findingClasses),
        sql`${twinError.imageId} is null`,
      ),
    )
  const rows = await db
    .select({
      imageId: images.id,
      sha256: images.sha256,
      objectKey: images.objectKey,
      sizeBytes: images.sizeBytes,
    })
    .from(snapshotImages)
    .innerJoin(images, eq(images.id, snapshotImages.imageId))
    .leftJoin(evaluationRunErrors, ownError(scope))
    .leftJoin(predictions, ownPrediction(scope))
    .where(
      and(
        isOwnAfter(scope, afterImageId),
        sql`${evaluationRunErrors.imageId} is null`,
        sql`${predictions.imageSha256} is null`,
        notExists(earlierTwin),
      ),
    )
    .orderBy(asc(snapshotImages.imageId))
    .limit(limit)
  return rows.map((row) => ({ ...row, sizeBytes: row.sizeBytes ?? 0, sendBytes: false }))
}
