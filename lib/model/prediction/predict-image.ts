import { sql } from 'drizzle-orm'
import { predictionUsage } from '#db/schema/usage.ts'
import { type EvaluatorFault, isFault, predict } from '#lib/model/evaluator/evaluator-client.ts'
import type { EvaluatorAddress } from '#lib/model/evaluator/evaluator-request.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { type ModelCard, modelCardSchema } from '#lib/vocabulary/model-card.ts'
import { getCurrentModelVersion } from './current-model-version.ts'
import { imageFault } from './image-fault.ts'

export type SinglePrediction = {
  predictedIndex: number
  predictedClass: string
  /** In the card's class order. */
  probabilities: [findingClass: string, probability: number][]
  modelVersion: { id: string; name: string; number: number }
}

/** A version as a prediction needs it, with its card as it was checked when it was stored. */
export type PredictingVersion = { id: string; sha256: string; number: number; card: ModelCard }

/** One image's prediction by the current model version, counted for usage; the image is not kept. */
export async function predictImage(
  context: Context,
  evaluators: readonly EvaluatorAddress[],
  input: { bytes: Buffer },
): Promise<SinglePrediction> {
  const version = await getCurrentModelVersion(context.db)
  const card = modelCardSchema.parse(version.card)
  return await predictImageWith(context, evaluators, { ...version, card }, input)
}

/** The same by a stated version. */
export async function predictImageWith(
  context: Context,
  evaluators: readonly EvaluatorAddress[],
  version: PredictingVersion,
  input: { bytes: Buffer },
): Promise<SinglePrediction> {
  const { card } = version
  const request = {
    model: { sha256: version.sha256, card },
    image: { bytes: input.bytes.toString('base64') },
  }
  let line: Awaited<ReturnType<typeof predict>> | undefined
  for (const evaluator of evaluators) {
    line = await predict(evaluator, request)
    if (!isFault(line) || line.kind === 'refused') break
  }
  if (line === undefined || isFault(line)) throw noPrediction(line, version)
  if (line.status === 'error') throw imageFault(line)
  await countPrediction(context, version.id)
  return {
    predictedIndex: line.predictedIndex,
    predictedClass: card.findingClasses[line.predictedIndex] ?? '',
    probabilities: line.probabilities.map((p, index) => [card.findingClasses[index] ?? '', p]),
    modelVersion: { id: version.id, name: card.name, number: version.number },
  }
}

/** What the evaluator refuses, it refuses again; everything else may pass. */
function noPrediction(fault: EvaluatorFault | undefined, { card, number }: PredictingVersion): ServiceError {
  if (fault?.kind === 'refused')
    return new ServiceError(
      'CONFLICT',
      `${card.name} v${number} cannot predict on this evaluator: ${fault.detail} Choose another version, or see to the evaluator.`,
      { code: fault.code },
    )
  return new ServiceError('UNAVAILABLE', 'The evaluator is unavailable: try again soon.', {
    code: fault !== undefined && 'code' in fault ? fault.code : 'EVALUATOR_AWAY',
  })
}

async function countPrediction(context: Context, modelVersionId: string): Promise<void> {
  await context.db
    .insert(predictionUsage)
    .values({
      day: context.now.toISOString().slice(0, 10),
      modelVersionId,
      actorId: context.actor.id,
      count: 1,
    })
    .onConflictDoUpdate({
      target: [predictionUsage.day, predictionUsage.modelVersionId, predictionUsage.actorId],
      set: { count: sql`${predictionUsage.count} + 1` },
    })
}
