import { ImageRefused } from '#lib/imaging/decoding/image-refused.ts'
import { argmax } from '#lib/statistics/argmax.ts'
import { runSession, type SessionCache } from './onnx-session.ts'
import { preprocessImage } from './preprocess-image.ts'
import { toProbabilities } from './to-probabilities.ts'
import type { ImageResult, LoadableModel, WorkerStage } from './worker-tasks.ts'

/** One image through one model, in an inference child. What the image itself causes is a result, not an error. */
export async function inferImage(
  image: Uint8Array,
  model: LoadableModel,
  sessions: SessionCache,
  enterStage: (stage: WorkerStage) => Promise<void>,
): Promise<ImageResult> {
  const started = performance.now()
  const input = await preprocessImage(image, model.card).catch((error: unknown) => {
    if (error instanceof ImageRefused) return error
    throw error
  })
  if (input instanceof ImageRefused) return { status: 'error', code: input.code, message: input.message }
  const decoded = performance.now()
  if (!sessions.has(model.sha256)) await enterStage('load-model')
  const session = await sessions.get(model)
  await enterStage('inference')
  const inferenceStarted = performance.now()
  const { values } = await runSession(session, model.card, input.tensor)
  const inferenceSeconds = (performance.now() - inferenceStarted) / 1000
  const probabilities = toProbabilities(
    values,
    model.card.output.logits === undefined ? 'probabilities' : 'logits',
  )
  if (probabilities === null || probabilities.length !== model.card.findingClasses.length)
    return { status: 'error', code: 'INVALID_OUTPUT', message: 'the model gave no finite probabilities' }
  return {
    status: 'ok',
    probabilities: Array.from(probabilities),
    predictedIndex: argmax(probabilities),
    width: input.width,
    height: input.height,
    decodeSeconds: (decoded - started) / 1000,
    inferenceSeconds,
  }
}
