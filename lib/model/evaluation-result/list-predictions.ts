import { and, eq, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { images, snapshotImages } from '#db/schema/dataset.ts'
import { evaluationRunErrors, predictions } from '#db/schema/evaluation-run.ts'
import { ownError, ownPrediction } from '#lib/model/evaluation-run/manifest.ts'
import { getRun, getScope } from '#lib/model/evaluation-run/queries.ts'
import type { Context } from '#lib/platform/context.ts'
import {
  confidenceOf,
  isBeyond,
  type ListScope,
  matches,
  orderOf,
  type PredictionFilter,
  type PredictionPlace,
} from './prediction-list.ts'
import type { PredictionSort, RunPrediction } from './schema.ts'

export type PredictionQuery = PredictionFilter & {
  /** By key where nothing is said. */
  sort?: PredictionSort | undefined
  /** The last row of the page before; null or absent at the start. */
  after?: PredictionPlace | null | undefined
  take: number
}

/** A run's answered images, filtered, in the stated order; a page goes on after the row `after`. */
export async function listPredictions(
  context: Pick<Context, 'db'>,
  input: PredictionQuery & { id: string },
): Promise<RunPrediction[]> {
  const { db } = context
  return await readPredictions(db, await getListScope(db, input.id), input)
}

/** How many rows the list has over all its pages. */
export async function countPredictions(
  context: Pick<Context, 'db'>,
  input: PredictionFilter & { id: string },
): Promise<number> {
  const { db } = context
  return (await countAround(db, await getListScope(db, input.id), input, null)).total
}

export async function getListScope(db: Database, runId: string): Promise<ListScope> {
  const run = await getRun(db, runId)
  return { ...(await getScope(db, run)), datasetId: run.datasetId }
}

/** `side` before: the rows before `after`, the nearest first. */
export async function readPredictions(
  db: Database,
  scope: ListScope,
  query: PredictionQuery,
  side: 'after' | 'before' = 'after',
): Promise<RunPrediction[]> {
  const sort = query.sort ?? 'key'
  const after = query.after ?? null
  const rows = await db
    .select({
      imageId: images.id,
      imageKey: images.key,
      referenceClass: images.findingClass,
      patient: images.patient,
      predictedIndex: predictions.predictedIndex,
      confidence: confidenceOf,
      probabilities: predictions.probabilities,
      code: evaluationRunErrors.code,
      message: evaluationRunErrors.message,
    })
    .from(snapshotImages)
    .innerJoin(images, eq(images.id, snapshotImages.imageId))
    .leftJoin(evaluationRunErrors, ownError(scope))
    .leftJoin(predictions, ownPrediction(scope))
    .where(and(matches(scope, query), after === null ? undefined : isBeyond(sort, after, side)))
    .orderBy(...orderOf(sort, side))
    .limit(query.take)
  return rows.map(({ predictedIndex, probabilities, confidence, code, message, ...image }) =>
    code === null && predictedIndex !== null
      ? {
          ...image,
          predictedClass: scope.findingClasses[predictedIndex] ?? null,
          confidence,
          probabilities,
          status: 'ok',
          code: null,
          message: null,
        }
      : {
          ...image,
          predictedClass: null,
          confidence: null,
          probabilities: null,
          status: 'error',
          code,
          message,
        },
  )
}

/** How many rows the list has, and how many of them come before a place in it. */
export async function countAround(
  db: Database,
  scope: ListScope,
  query: PredictionFilter & { sort?: PredictionSort | undefined },
  place: PredictionPlace | null,
): Promise<{ total: number; before: number }> {
  const isBefore = place === null ? sql`false` : isBeyond(query.sort ?? 'key', place, 'before')
  const [counts] = await db
    .select({
      total: sql<number>`count(*)`.mapWith(Number),
      before: sql<number>`count(*) filter (where ${isBefore})`.mapWith(Number),
    })
    .from(snapshotImages)
    .innerJoin(images, eq(images.id, snapshotImages.imageId))
    .leftJoin(evaluationRunErrors, ownError(scope))
    .leftJoin(predictions, ownPrediction(scope))
    .where(matches(scope, query))
  return counts ?? { total: 0, before: 0 }
}
