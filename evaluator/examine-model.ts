import type { InferenceSession } from 'onnxruntime-node'
import type { ExecutionProvider, ModelSignature } from '#lib/model/evaluator/evaluator-contract.ts'
import { isOutOfMemory } from '#lib/platform/process-pool/memory-limit.ts'
import type { ModelCard } from '#lib/vocabulary/model-card.ts'
import { findForbiddenOperators } from './allowed-operators.ts'
import { checkSignature } from './check-signature.ts'
import { dryRunModel } from './dry-run-model.ts'
import { inspectOnnxFile, type OnnxContents } from './inspect-onnx.ts'
import { ModelRefused } from './model-refused.ts'
import { createSession } from './onnx-session.ts'
import type { AdmissionResult, LoadableModel } from './worker-tasks.ts'

/** Whether a model may be used under its card. Runs in an inference child, which its hostile cases may cost. */
export async function examineModel(
  model: LoadableModel,
  provider: ExecutionProvider,
  options: { controlFlow: boolean },
): Promise<AdmissionResult> {
  try {
    const contents = checkContents(model.file, options)
    const session = await openSession(model.file, provider)
    try {
      const behaviour = await checkBehaviour(session, model.card)
      return { admitted: true, ...behaviour, model: describeModel(session, contents) }
    } finally {
      await session.release()
    }
  } catch (error) {
    if (error instanceof ModelRefused) return { admitted: false, code: error.code, message: error.message }
    throw error
  }
}

/** The file is this evaluator's own and never changes: what is inspected here is what the runtime will load. */
function checkContents(file: string, options: { controlFlow: boolean }): OnnxContents {
  let contents: OnnxContents
  try {
    contents = inspectOnnxFile(file)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new ModelRefused('MODEL_PARSE', `the file is no ONNX model: ${error.message}`)
  }
  if (contents.externalData)
    throw new ModelRefused(
      'MODEL_EXTERNAL_DATA',
      'the weights must lie in the model file itself, not in another',
    )
  const forbidden = findForbiddenOperators(contents, options)
  if (forbidden.length > 0)
    throw new ModelRefused('MODEL_UNSUPPORTED_OP', `the model uses ${forbidden.slice(0, 10).join(', ')}`)
  return contents
}

function describeModel(session: InferenceSession, contents: OnnxContents): ModelSignature {
  const { irVersion, opsets, parameters } = contents
  return {
    inputs: session.inputMetadata.map(describeTensor),
    outputs: session.outputMetadata.map(describeTensor),
    irVersion,
    opset: opsets.get('') ?? null,
    parameters,
  }
}

function describeTensor(value: InferenceSession.ValueMetadata): ModelSignature['inputs'][number] {
  if (!value.isTensor) return { name: value.name, type: 'no tensor', shape: [] }
  const shape = value.shape.map((size) => (typeof size === 'number' && size >= 0 ? size : null))
  return { name: value.name, type: value.type, shape }
}

async function openSession(file: string, provider: ExecutionProvider): Promise<InferenceSession> {
  try {
    return await createSession(file, provider)
  } catch (error) {
    throw explainRuntimeError(error)
  }
}

async function checkBehaviour(
  session: InferenceSession,
  card: ModelCard,
): Promise<{ inferenceSeconds: number; warnings: string[] }> {
  checkSignature(session.inputMetadata, session.outputMetadata, card)
  try {
    return await dryRunModel(session, card)
  } catch (error) {
    if (error instanceof ModelRefused) throw error
    // It was loaded: what fails now is the graph on an input of the card's shape.
    throw explainRuntimeError(error, 'MODEL_SIGNATURE')
  }
}

/** The runtime starts its texts with the file, line and signature of its own function. */
const SOURCE_POSITION = /\/onnxruntime_src\/\S+:\d+ .*?\)(?: const)? (?=[A-Z*"'])/g

/**
 * The runtime has one kind of error; what it means for the model stands in its text. A failed allocation is thrown on: it
 * may be the doing of what this child did before, so that a fresh one decides.
 */
export function explainRuntimeError(
  error: unknown,
  otherwise: 'MODEL_PARSE' | 'MODEL_SIGNATURE' = 'MODEL_PARSE',
): ModelRefused {
  if (isOutOfMemory(error)) throw error
  const text = error instanceof Error ? error.message : String(error)
  const message = text.replace(SOURCE_POSITION, '').slice(0, 500)
  if (/opset|ir_version|IR version/i.test(message)) return new ModelRefused('MODEL_OPSET', message)
  if (/NOT_IMPLEMENTED|is not a registered function|No Op registered/i.test(message))
    return new ModelRefused('MODEL_UNSUPPORTED_OP', message)
  return new ModelRefused(otherwise, message)
}
