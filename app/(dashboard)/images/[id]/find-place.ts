import { getDatasetNeighbours } from '#lib/data/image/image-neighbours.ts'
import type { ImageNeighbours } from '#lib/data/image/schema.ts'
import { getComparedNeighbours } from '#lib/model/comparison/compared-neighbours.ts'
import { getPredictionNeighbours } from '#lib/model/evaluation-result/prediction-neighbours.ts'
import { getEvaluationRun } from '#lib/model/evaluation-run/queries.ts'
import type { EvaluationRunSummary } from '#lib/model/evaluation-run/schema.ts'
import type { Context } from '#lib/platform/context.ts'
import { isBusy, ServiceError } from '#lib/platform/errors.ts'
import type { ImageList } from './image-list.ts'

/** The list that the image is looked at in, and its place there; `run` where the list is a run's. */
export type Place = { list: ImageList; run: EvaluationRunSummary | null; neighbours: ImageNeighbours }

const NOWHERE: ImageNeighbours = { previous: null, next: null, position: null, total: 0 }

/** A list that is gone, such as a deleted run's, leaves the image in its dataset's. */
export async function findPlace(context: Context, wanted: ImageList, imageId: number): Promise<Place> {
  if (wanted.kind === 'comparison') {
    const { pair, filter } = wanted
    const stated = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null))
    const neighbours = await orNull(getComparedNeighbours(context, { ...pair, ...stated, imageId }))
    return { list: wanted, run: null, neighbours: neighbours ?? NOWHERE }
  }
  if (wanted.kind === 'run') {
    const run = await orNull(getEvaluationRun(context, { id: wanted.run }))
    if (run !== null) {
      const { kind: _kind, run: id, ...filter } = wanted
      const neighbours = await orNull(getPredictionNeighbours(context, { ...filter, id, imageId }))
      return { list: wanted, run, neighbours: neighbours ?? NOWHERE }
    }
  }
  const findingClass = wanted.kind === 'dataset' ? wanted.findingClass : undefined
  return {
    list: { kind: 'dataset', findingClass },
    run: null,
    neighbours: await getDatasetNeighbours(context, { findingClass, imageId }),
  }
}

/** The list cannot be had as the address has it. */
const WITHOUT_LIST = ['NOT_FOUND', 'CONFLICT', 'UNPROCESSABLE']

/** Null where the service refuses, or cannot answer now: the image is shown all the same. */
async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof ServiceError && (WITHOUT_LIST.includes(error.kind) || isBusy(error))) return null
    throw error
  }
}
