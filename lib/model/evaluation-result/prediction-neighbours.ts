import { and, eq } from 'drizzle-orm'
import { images, snapshotImages } from '#db/schema/dataset.ts'
import { evaluationRunErrors, predictions } from '#db/schema/evaluation-run.ts'
import type { ImageNeighbours } from '#lib/data/image/schema.ts'
import { isKnown, ownError, ownPrediction } from '#lib/model/evaluation-run/manifest.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { countAround, getListScope, readPredictions } from './list-predictions.ts'
import {
  confidenceOf,
  type ListScope,
  matches,
  type PredictionFilter,
  type PredictionPlace,
} from './prediction-list.ts'
import type { PredictionSort } from './schema.ts'

/**
 * The images before and after one in a list of a run's predictions, with the list's filters and order. An image that
 * the filters leave out has no position; its neighbours are those around the place where it would stand.
 */
export async function getPredictionNeighbours(
  { db }: Pick<Context, 'db'>,
  input: PredictionFilter & { id: string; imageId: number; sort?: PredictionSort | undefined },
): Promise<ImageNeighbours> {
  const scope = await getListScope(db, input.id)
  const place = await findPlace({ db }, scope, input.imageId)
  if (place === null)
    throw new ServiceError('NOT_FOUND', `The image ${input.imageId} is not part of the run ${input.id}.`, {
      code: 'NOT_IN_LIST',
    })
  const beside = { ...input, after: place, take: 1 }
  const [previous] = await readPredictions(db, scope, beside, 'before')
  const [next] = await readPredictions(db, scope, beside, 'after')
  const { total, before } = await countAround(db, scope, input, place)
  const isListed = await findPlace({ db }, scope, input.imageId, input)
  return {
    previous: previous === undefined ? null : { id: previous.imageId, imageKey: previous.imageKey },
    next: next === undefined ? null : { id: next.imageId, imageKey: next.imageKey },
    position: isListed === null ? null : before + 1,
    total,
  }
}

/** Where an image stands in the run's lists; null if it is not among the images that the filter takes. */
async function findPlace(
  { db }: Pick<Context, 'db'>,
  scope: ListScope,
  imageId: number,
  filter?: PredictionFilter,
): Promise<PredictionPlace | null> {
  const [place] = await db
    .select({ imageId: images.id, confidence: confidenceOf })
    .from(snapshotImages)
    .innerJoin(images, eq(images.id, snapshotImages.imageId))
    .leftJoin(evaluationRunErrors, ownError(scope))
    .leftJoin(predictions, ownPrediction(scope))
    .where(
      and(
        eq(snapshotImages.snapshotId, scope.snapshotId),
        eq(snapshotImages.imageId, imageId),
        filter === undefined ? isKnown(scope) : matches(scope, filter),
      ),
    )
  return place ?? null
}
