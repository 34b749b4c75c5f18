import type { InferenceSession } from 'onnxruntime-node'
import type { ModelCard } from '#lib/vocabulary/model-card.ts'
import { ModelRefused } from './model-refused.ts'

type Metadata = readonly InferenceSession.ValueMetadata[]

/** The one output that predictions are made of. */
export function outputName(card: ModelCard): string {
  return (card.output.logits ?? card.output.probabilities) as string
}

/** Throws `ModelRefused` where the model's inputs and outputs are not those that the card describes. */
export function checkSignature(inputs: Metadata, outputs: Metadata, card: ModelCard): void {
  checkInput(inputs, card)
  const name = outputName(card)
  checkOutput(outputs, name, card.findingClasses.length)
  if (card.output.embedding !== undefined) findOutput(outputs, card.output.embedding)
}

function checkInput(inputs: Metadata, card: ModelCard): void {
  const [input] = inputs
  if (input === undefined || inputs.length !== 1)
    throw new ModelRefused('MODEL_SIGNATURE', `the model has ${inputs.length} inputs; it must have one`)
  if (input.name !== card.input.name)
    throw new ModelRefused(
      'MODEL_SIGNATURE',
      `the model's input is named "${input.name}", the card says "${card.input.name}"`,
    )
  if (!input.isTensor || input.type !== 'float32')
    throw new ModelRefused(
      'MODEL_INPUT_TYPE',
      `the model's input is ${input.isTensor ? input.type : 'no tensor'}; it must be float32`,
    )
  const { channels, height, width } = card.input
  const expected = [1, channels, height, width]
  const fits =
    input.shape.length === 4 && input.shape.every((size, axis) => isDynamic(size) || size === expected[axis])
  if (!fits)
    throw new ModelRefused(
      'MODEL_SIGNATURE',
      `the model's input has the shape [${shape(input.shape)}]; the card needs [batch or 1, ${channels}, ${height}, ${width}]`,
    )
}

function checkOutput(outputs: Metadata, name: string, classes: number): void {
  const output = findOutput(outputs, name)
  if (!output.isTensor || output.type !== 'float32')
    throw new ModelRefused(
      'MODEL_OUTPUT_TYPE',
      `the output "${name}" is ${output.isTensor ? output.type : 'no tensor'}; it must be float32: add a Cast to float32 as the model's last step`,
    )
  // An empty shape is one that the file does not state; the dry run sees the real one.
  if (output.shape.length === 0) return
  const [batch, count] = output.shape
  if (output.shape.length !== 2 || (!isDynamic(batch) && batch !== 1))
    throw wrongOutputShape(name, shape(output.shape))
  if (!isDynamic(count) && count !== classes) throw classCountMismatch(count, classes)
}

function findOutput(outputs: Metadata, name: string): InferenceSession.ValueMetadata {
  const output = outputs.find((each) => each.name === name)
  if (output !== undefined) return output
  const names = outputs.map((each) => `"${each.name}"`).join(', ')
  throw new ModelRefused('MODEL_SIGNATURE', `the model has no output "${name}"; it has ${names || 'none'}`)
}

export function wrongOutputShape(name: string, found: string): ModelRefused {
  return new ModelRefused(
    'MODEL_OUTPUT_SHAPE',
    `the output "${name}" has the shape [${found}]; it must be [batch or 1, classes]: flatten it to two dimensions as the model's last step`,
  )
}

export function classCountMismatch(count: number | string | undefined, classes: number): ModelRefused {
  return new ModelRefused(
    'CLASS_COUNT_MISMATCH',
    count === 1
      ? `the model gives one value for an image; the card names ${classes} finding classes: the output must have one value for each, of two classes 1 − p and p`
      : `the model gives ${count} values for an image; the card names ${classes} finding classes`,
  )
}

/** A symbolic dimension is a name; the runtime shows one without a name as −1 or as an empty text. */
function isDynamic(size: number | string | undefined): boolean {
  return typeof size === 'string' || (typeof size === 'number' && size < 0)
}

function shape(sizes: readonly (number | string)[]): string {
  return sizes.map((size) => (isDynamic(size) ? 'dynamic' : size)).join(', ')
}
