import path from 'node:path'
import type { ImageRenderer, ModelInputResult } from '#lib/imaging/decoding/render-image.ts'
import { findClassTrackRecord } from '#lib/model/evaluation-result/class-track-record.ts'
import type { EvaluatorAddress } from '#lib/model/evaluator/evaluator-request.ts'
import { getModelVersion } from '#lib/model/registry/queries.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { imageFault } from './image-fault.ts'
import { predictImageWith } from './predict-image.ts'
import type { TriedImage } from './schema.ts'

const EXTENSIONS = { jpeg: ['.jpg', '.jpeg', '.jpe', '.jfif'], png: ['.png'] }

/** One image's prediction by a stated version, with what the model saw of it. Nothing is kept but the usage count. */
export async function tryImage(
  context: Context,
  parts: { evaluators: readonly EvaluatorAddress[]; renderer: ImageRenderer },
  input: { modelVersionId: string; bytes: Buffer; filename: string },
): Promise<TriedImage> {
  const { id, sha256, card, number } = await getModelVersion(context, { id: input.modelVersionId })
  if (sha256 === null)
    throw new ServiceError('CONFLICT', 'This version has imported predictions only: it has no model.', {
      code: 'NO_MODEL_FILE',
    })
  // Both decode by the same code: where the image is at fault, both say the same.
  const [prediction, seen] = await Promise.all([
    predictImageWith(context, parts.evaluators, { id, sha256, card, number }, input),
    parts.renderer.renderModelInput(input.bytes, card),
  ])
  const { png, image, warnings } = requireSeen(seen)
  const { width, height, channels } = card.input
  return {
    modelVersionId: id,
    findingClasses: card.findingClasses,
    probabilities: prediction.probabilities.map(([, probability]) => probability),
    predictedClass: prediction.predictedClass,
    modelInput: { width, height, channels, png: Buffer.from(png).toString('base64') },
    image: { ...image, warnings: [...warnings, ...checkExtension(input.filename, image.format)] },
    knownAboutClass: await findClassTrackRecord(context.db, id, prediction.predictedClass),
  }
}

function requireSeen(seen: ModelInputResult): Extract<ModelInputResult, { status: 'seen' }> {
  if (seen.status === 'seen') return seen
  if (seen.code === 'STOPPING') throw new ServiceError('UNAVAILABLE', 'The service is stopping.')
  throw imageFault({ code: seen.code, message: seen.message })
}

function checkExtension(filename: string, format: 'jpeg' | 'png'): string[] {
  const extension = path.extname(filename).toLowerCase()
  if (extension === '' || EXTENSIONS[format].includes(extension)) return []
  return [`Its name ends in ${extension}, but it is a ${format.toUpperCase()}.`]
}
