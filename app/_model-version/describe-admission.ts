import { formatCount } from '#app/_format/ratio.ts'
import type { ModelSignature } from '#lib/model/evaluator/evaluator-contract.ts'

type Report = { provider: 'cpu' | 'cuda'; dryRunMilliseconds: number; model: ModelSignature | null }

/** What was checked before a version was taken in, in words; every line is something that would have refused it. */
export function describeAdmission(report: Report, findingClasses: readonly string[]): string[] {
  const { model } = report
  const classes = formatCount(findingClasses.length)
  return [
    ...(model === null ? [] : describeFile(model)),
    'Its weights lie in the file itself, and it uses only operators that are known and allowed.',
    `One image in gives ${classes} numbers out, one for each finding class of the card.`,
    'It gives finite numbers for a trial image, the same ones each time.',
    `One trial image took ${formatMilliseconds(report.dryRunMilliseconds)} on ${report.provider === 'cuda' ? 'the GPU' : 'the CPU'}.`,
  ]
}

function describeFile({ inputs, outputs, opset, irVersion, parameters }: ModelSignature): string[] {
  const shape = (of: (number | null)[]) => of.map((side) => side ?? 'any').join(' × ')
  const named = (tensors: ModelSignature['inputs']) =>
    tensors.map(({ name, type, shape: sides }) => `“${name}” (${type}, ${shape(sides)})`).join(', ')
  return [
    `The file is ONNX of format ${irVersion}${opset === null ? '' : `, operator set ${opset}`}, with ${formatCount(parameters)} parameters.`,
    `It takes ${named(inputs)} and gives ${named(outputs)}.`,
  ]
}

function formatMilliseconds(milliseconds: number): string {
  return milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : `${Math.round(milliseconds)} ms`
}
