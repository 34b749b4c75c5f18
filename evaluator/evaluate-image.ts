import type {
  EvaluationItem,
  EvaluationLine,
  ExecutionProvider,
  ImageErrorCode,
} from '#lib/model/evaluator/evaluator-contract.ts'
import type { RunOptions } from '#lib/platform/process-pool/process-pool.ts'
import { runWithSecondTry } from '#lib/platform/process-pool/run-with-second-try.ts'
import type { TaskOutcome } from '#lib/platform/process-pool/task-outcome.ts'
import type { ImageLocations } from './image-locations.ts'
import { ImageUnavailable } from './image-unavailable.ts'
import { type ReadLimits, readImage } from './read-image.ts'
import type { ImageResult, LoadableModel, WorkerReply, WorkerTask } from './worker-tasks.ts'

export type EvaluateContext = {
  model: LoadableModel
  /** What every line says that it was made by. */
  stamp: { modelSha256: string; preprocessingSha256: string; provider: ExecutionProvider }
  locations: ImageLocations
  limits: ReadLimits & { decodeSeconds: number; inferenceSeconds: number }
  run: (task: WorkerTask, options: RunOptions) => Promise<TaskOutcome<WorkerReply>>
  signal: AbortSignal
  urgent: boolean
}

/** The line of one item, or null where the request was given up before its turn. */
export async function evaluateImage(
  item: EvaluationItem,
  context: EvaluateContext,
): Promise<EvaluationLine | null> {
  const result = await evaluate(item, context)
  return result === null ? null : { id: item.id, ...context.stamp, ...result }
}

async function evaluate(item: EvaluationItem, context: EvaluateContext): Promise<ImageResult | null> {
  let image: Buffer
  try {
    image = await readImage(item.source, item.sha256, context.locations, context.limits)
  } catch (error) {
    if (!(error instanceof ImageUnavailable)) throw error
    return { status: 'error', code: error.code, message: error.message }
  }
  return toResult(await runTask(image, context))
}

function runTask(image: Buffer, context: EvaluateContext): Promise<TaskOutcome<WorkerReply>> {
  const { decodeSeconds, inferenceSeconds } = context.limits
  return runWithSecondTry(
    context.run,
    { type: 'evaluate', model: context.model },
    {
      payload: image,
      deadlines: {
        firstStage: 'decode',
        seconds: { decode: decodeSeconds, 'load-model': inferenceSeconds, inference: inferenceSeconds },
      },
      signal: context.signal,
      urgent: context.urgent,
    },
    // A machine that stands still for a while makes any image late. A model that is slow stays so.
    (outcome) => outcome.kind === 'timeout' && outcome.stage === 'decode',
  )
}

function toResult(outcome: TaskOutcome<WorkerReply>): ImageResult | null {
  if (outcome.kind === 'cancelled') return null
  if (outcome.kind === 'done') {
    if (outcome.value.type === 'evaluate') return outcome.value.result
    throw new Error(`the child answered an evaluation by ${outcome.value.type}`)
  }
  const error = (code: ImageErrorCode, message: string): ImageResult => ({ status: 'error', code, message })
  if (outcome.kind === 'failed') return error('INFERENCE_FAILED', outcome.message.slice(0, 500))
  const decoding = outcome.stage === 'decode'
  const where = decoding ? 'decoding' : 'inference'
  switch (outcome.kind) {
    case 'timeout':
      return error(
        decoding ? 'DECODE_TIMEOUT' : 'INFERENCE_TIMEOUT',
        `${where} missed its deadline${decoding ? ' twice' : ''}`,
      )
    case 'memory':
      return error(decoding ? 'DECODE_OOM' : 'INFERENCE_FAILED', `${where} needed too much memory twice`)
    case 'crash':
      return error(decoding ? 'DECODE_CRASH' : 'INFERENCE_FAILED', `${where} ended its process twice`)
  }
}
