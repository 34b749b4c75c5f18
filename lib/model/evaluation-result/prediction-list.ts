import { and, eq, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import { images, snapshotImages } from '#db/schema/dataset.ts'
import { evaluationRunErrors, predictions } from '#db/schema/evaluation-run.ts'
import { isKnown, type RunScope } from '#lib/model/evaluation-run/manifest.ts'
import type { PredictionOutcome, PredictionSort } from './schema.ts'

/** Which of a run's answered images are listed; everything stated must hold. */
export type PredictionFilter = {
  status?: 'ok' | 'error' | undefined
  outcome?: PredictionOutcome | undefined
  referenceClass?: string | undefined
  predictedClass?: string | undefined
}

/** An image's place in every order of the list. */
export type PredictionPlace = { imageId: number; confidence: number | null }

/** A run's scope, and the dataset whose index on keys gives the order by key. */
export type ListScope = RunScope & { datasetId: string }

/** The largest probability, which is that of the predicted class; null for an error row. */
export const confidenceOf = sql<number | null>`case when ${evaluationRunErrors.imageId} is null
  then ${predictions.probabilities}[${predictions.predictedIndex} + 1] end`

/** True of the listed rows. */
export function matches(scope: ListScope, filter: PredictionFilter): SQL {
  const { status, outcome, referenceClass, predictedClass } = filter
  const isError = isNotNull(evaluationRunErrors.imageId)
  const isPredicted = and(isNull(evaluationRunErrors.imageId), isNotNull(predictions.imageSha256))
  const wantsErrors = status === 'error' || outcome === 'error'
  const wantsPredicted =
    status === 'ok' || outcome === 'right' || outcome === 'wrong' || predictedClass !== undefined
  return and(
    eq(snapshotImages.snapshotId, scope.snapshotId),
    eq(images.datasetId, scope.datasetId),
    isKnown(scope),
    wantsErrors || wantsPredicted ? undefined : or(isError, isPredicted),
    wantsErrors ? isError : undefined,
    wantsPredicted ? isPredicted : undefined,
    outcome === 'right' ? isRight(scope) : outcome === 'wrong' ? sql`not ${isRight(scope)}` : undefined,
    referenceClass === undefined ? undefined : eq(images.findingClass, referenceClass),
    predictedClass === undefined ? undefined : isPredictedAs(scope, predictedClass),
  ) as SQL
}

function isRight({ findingClasses }: ListScope): SQL {
  const classes = sql`${sql.param([...findingClasses])}::text[]`
  return sql`(${predictions.predictedIndex} = array_position(${classes}, ${images.findingClass}) - 1)`
}

function isPredictedAs({ findingClasses }: ListScope, findingClass: string): SQL {
  const index = findingClasses.indexOf(findingClass)
  return index === -1 ? sql`false` : eq(predictions.predictedIndex, index)
}

/** The list's order, or (before) the opposite one. */
export function orderOf(sort: PredictionSort, side: 'after' | 'before'): SQL[] {
  const way = side === 'after' ? sql`asc` : sql`desc`
  if (sort === 'key') return [sql`${images.key} ${way}`]
  return [sql`${rankBy(sort)} ${way}`, sql`${images.id} ${way}`]
}

/** True of the rows that come after (or before) a place in the list's order. */
export function isBeyond(sort: PredictionSort, place: PredictionPlace, side: 'after' | 'before'): SQL {
  const sign = side === 'after' ? sql`>` : sql`<`
  if (sort === 'key')
    // By its id: a key may be longer than an address should be.
    return sql`${images.key} ${sign} (select placed.key from images placed where placed.id = ${place.imageId})`
  const rank = rankOf(sort, place.confidence)
  return sql`(${rankBy(sort)}, ${images.id}) ${sign} (${rank}::double precision, ${place.imageId}::bigint)`
}

/** Ascending in both orders by confidence; beyond every probability where there is none. */
const WITHOUT_CONFIDENCE = 2

function rankBy(sort: Exclude<PredictionSort, 'key'>): SQL {
  const confidence = sort === 'confidence-desc' ? sql`-(${confidenceOf})` : sql`(${confidenceOf})`
  return sql`coalesce(${confidence}, ${sql.raw(String(WITHOUT_CONFIDENCE))})`
}

function rankOf(sort: Exclude<PredictionSort, 'key'>, confidence: number | null): number {
  if (confidence === null) return WITHOUT_CONFIDENCE
  return sort === 'confidence-desc' ? -confidence : confidence
}
