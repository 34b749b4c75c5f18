import { formatCount } from '#app/_format/ratio.ts'
import type { ModelSignature } from '#lib/model/evaluator/evaluator-contract.ts'
import type { AdmissionReport } from '#lib/model/registry/schema.ts'

type Report = Pick<AdmissionReport, 'provider' | 'dryRunMilliseconds' | 'model'>

/** What was checked before a version was taken in, in words; every line is something that would have refused it. */
export function describeAdmission(report: Report, findingClasses: readonly string[]): string[] {
  const { model } = report
  const classes = formatCount(findingClasses.length)
  return [
    ...(model === null ? [] : describeFile(model)),
    'The weights are inside the file, and every operator is supported.',
    `One image yields ${classes} outputs, one per finding class of the card.`,
    'A test image yields finite outputs, identical on every run.',
    `One test image took ${formatMilliseconds(report.dryRunMilliseconds)} on ${report.provider === 'cuda' ? 'the GPU' : 'the CPU'}.`,
  ]
}

function describeFile({ inputs, outputs, opset, irVersion, parameters }: ModelSignature): string[] {
  const shape = (of: (number | null)[]) => of.map((side) => side ?? 'any').join(' × ')
  const named = (tensors: ModelSignature['inputs']) =>
    tensors.map(({ name, type, shape: sides }) => `“${name}” (${type}, ${shape(sides)})`).join(', ')
  return [
    `ONNX format ${irVersion}${opset === null ? '' : `, operator set ${opset}`}, ${formatCount(parameters)} parameters.`,
    `Input ${named(inputs)}, output ${named(outputs)}.`,
  ]
}

function formatMilliseconds(milliseconds: number): string {
  return milliseconds < 10 ? `${milliseconds.toFixed(1)} ms` : `${Math.round(milliseconds)} ms`
}
