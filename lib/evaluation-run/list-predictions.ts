import { and, asc, eq, gt, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { images, snapshotImages } from '#db/schema/dataset.ts'
import { evaluationRunErrors, predictions } from '#db/schema/evaluation-run.ts'
import type { Context } from '#lib/context.ts'
import { isKnown, ownError, ownPrediction, type RunScope } from './manifest.ts'
import { getRun, getScope } from './queries.ts'

export type RunPrediction = {
  imageId: number
  imageKey: string
  referenceClass: string
  /** Null, as the probabilities are, where `status` is `error`. */
  predictedClass: string | null
  /** In the version's class order. */
  probabilities: number[] | null
  status: 'ok' | 'error'
  code: string | null
  message: string | null
}

export type PredictionFilter = {
  status?: 'ok' | 'error' | undefined
  referenceClass?: string | undefined
  predictedClass?: string | undefined
}

/** A run's answered images in the order in which their dataset first showed them. */
export async function listPredictions(
  context: Pick<Context, 'db'>,
  input: PredictionFilter & { id: string; afterImageId: number; take: number },
): Promise<RunPrediction[]> {
  const { db } = context
  const scope = await getScope(db, await getRun(db, input.id))
  return await readPredictions(db, scope, input)
}

export async function readPredictions(
  db: Database,
  scope: RunScope,
  query: PredictionFilter & { afterImageId: number; take: number },
): Promise<RunPrediction[]> {
  const isError = isNotNull(evaluationRunErrors.imageId)
  const isPredicted = and(isNull(evaluationRunErrors.imageId), isNotNull(predictions.imageSha256))
  const rows = await db
    .select({
      imageId: images.id,
      imageKey: images.key,
      referenceClass: images.findingClass,
      predictedIndex: predictions.predictedIndex,
      probabilities: predictions.probabilities,
      code: evaluationRunErrors.code,
      message: evaluationRunErrors.message,
    })
    .from(snapshotImages)
    .innerJoin(images, eq(images.id, snapshotImages.imageId))
    .leftJoin(evaluationRunErrors, ownError(scope))
    .leftJoin(predictions, ownPrediction(scope))
    .where(
      and(
        eq(snapshotImages.snapshotId, scope.snapshotId),
        gt(snapshotImages.imageId, query.afterImageId),
        isKnown(scope),
        query.status === 'error' ? isError : query.status === 'ok' ? isPredicted : or(isError, isPredicted),
        query.referenceClass === undefined ? undefined : eq(images.findingClass, query.referenceClass),
        query.predictedClass === undefined
          ? undefined
          : and(isPredicted, isPredictedAs(scope, query.predictedClass)),
      ),
    )
    .orderBy(asc(snapshotImages.imageId))
    .limit(query.take)
  return rows.map(({ predictedIndex, probabilities, code, message, ...image }) =>
    code === null && predictedIndex !== null
      ? {
          ...image,
          predictedClass: scope.findingClasses[predictedIndex] ?? null,
          probabilities,
          status: 'ok',
          code: null,
          message: null,
        }
      : { ...image, predictedClass: null, probabilities: null, status: 'error', code, message },
  )
}

function isPredictedAs(scope: RunScope, findingClass: string): SQL {
  const index = scope.findingClasses.indexOf(findingClass)
  return index === -1 ? sql`false` : eq(predictions.predictedIndex, index)
}
