import type { InferenceSession } from 'onnxruntime-node'
import type { ModelCard } from '#lib/vocabulary/model-card.ts'
import { classCountMismatch, outputName, wrongOutputShape } from './check-signature.ts'
import { ModelRefused } from './model-refused.ts'
import { runSession } from './onnx-session.ts'
import { toTensor } from './preprocess-image.ts'
import { FLOAT_SUM_TOLERANCE, sumOf, toProbabilities } from './to-probabilities.ts'

/** A model that divides by an image's own deviation is sound, and has no answer for a plain black image. */
const NOT_ALWAYS_FINITE =
  'The output for a plain black, plain white or patterned image is not finite: such images become error rows.'

/** Softmax over numbers between 0 and 1 gives no class more than 2.7 times another's probability. */
const SIGMOID_LOGITS =
  'The card names logits, but all outputs lie between 0 and 1: they look like probabilities per class, as a sigmoid gives them, not like logits. Softmax makes them nearly equal: use the output before the sigmoid.'

/** Runs the model twice on each of a few made-up images and checks what every model must keep to. */
export async function dryRunModel(
  session: InferenceSession,
  card: ModelCard,
): Promise<{ inferenceSeconds: number; warnings: string[] }> {
  const outputs: Float32Array[] = []
  const warnings: string[] = []
  let inferenceSeconds = Number.POSITIVE_INFINITY
  for (const tensor of probeInputs(card)) {
    const started = performance.now()
    const first = await runOnce(session, card, tensor)
    const second = await runOnce(session, card, tensor)
    inferenceSeconds = Math.min(inferenceSeconds, (performance.now() - started) / 2000)
    if (!Buffer.from(first.buffer).equals(Buffer.from(second.buffer)))
      throw new ModelRefused('MODEL_NOT_DETERMINISTIC', 'the same image gave different outputs')
    if (first.every(Number.isFinite)) outputs.push(first)
    else if (warnings.length === 0) warnings.push(NOT_ALWAYS_FINITE)
  }
  if (outputs.length === 0)
    throw new ModelRefused('MODEL_NOT_FINITE', 'the output is not finite, whatever the image')
  return { inferenceSeconds, warnings: [...warnings, ...checkOutputKind(outputs, card)] }
}

async function runOnce(
  session: InferenceSession,
  card: ModelCard,
  tensor: Float32Array,
): Promise<Float32Array<ArrayBuffer>> {
  const { values, dimensions } = await runSession(session, card, tensor)
  const classes = card.findingClasses.length
  if (dimensions.length !== 2 || dimensions[0] !== 1)
    throw wrongOutputShape(outputName(card), dimensions.join(', '))
  if (dimensions[1] !== classes) throw classCountMismatch(dimensions[1], classes)
  return Float32Array.from(values)
}

/** Black, white, and a fixed pattern with an even spread of levels. */
function* probeInputs(card: ModelCard): Generator<Float32Array> {
  const { width, height } = card.input
  const levels = [() => 0, () => 255, (i: number) => (i * 167 + (i >> 5) * 59) & 255]
  for (const level of levels)
    yield toTensor(
      { width, height, bands: 1, data: Uint8Array.from({ length: width * height }, (_, i) => level(i)) },
      card,
    )
}

function checkOutputKind(outputs: Float32Array[], card: ModelCard): string[] {
  const distributions = outputs.every((values) => toProbabilities(values, 'probabilities') !== null)
  const unit = outputs.every((values) => values.every((value) => value >= 0 && value <= 1))
  if (card.output.probabilities !== undefined) {
    if (!distributions) throw noProbabilities(outputs, unit)
    return warnOfSums(outputs)
  }
  if (distributions)
    return ['The card names logits, but the outputs look like probabilities: softmax would be applied twice.']
  return unit ? [SIGMOID_LOGITS] : []
}

function noProbabilities(outputs: Float32Array[], unit: boolean): ModelRefused {
  const sums = outputs.map(sumOf)
  const wrong = sums.find((sum) => Math.abs(sum - 1) > FLOAT_SUM_TOLERANCE) ?? Number.NaN
  return new ModelRefused(
    'MODEL_OUTPUT_KIND',
    unit
      ? `the values for one image lie between 0 and 1 and add up to ${wrong.toPrecision(4)} instead of 1, as those of a sigmoid for each class do; finding classes exclude each other: export the model with a softmax over the classes as its last step`
      : 'the card names probabilities, but some values lie outside 0 to 1: export the model with a softmax over the classes as its last step',
  )
}

function warnOfSums(outputs: Float32Array[]): string[] {
  const sums = outputs.map(sumOf)
  if (sums.every((sum) => Math.abs(sum - 1) <= FLOAT_SUM_TOLERANCE)) return []
  const [least, most] = [Math.min(...sums), Math.max(...sums)].map((sum) => sum.toFixed(4))
  return [
    `The probabilities of one image add up to between ${least} and ${most}, as rounding to 8 bits makes them: each is divided by their sum.`,
  ]
}
