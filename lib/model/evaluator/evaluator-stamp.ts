import { argmax } from '#lib/statistics/argmax.ts'
import type { EvaluationLine, ExecutionProvider } from './evaluator-contract.ts'

/** What every line of a run must have been computed by: a wrong result is worse than none. */
export type Stamp = { modelSha256: string; preprocessingSha256: string; provider: ExecutionProvider }

export function findForeignStamp(
  line: Stamp,
  expected: Stamp,
): { code: 'PROVIDER_CHANGED' | 'EVALUATOR_MISMATCH'; detail: string } | null {
  if (line.modelSha256 !== expected.modelSha256) {
    return mismatch('The evaluator answers for another model than asked.')
  }
  if (line.preprocessingSha256 !== expected.preprocessingSha256) {
    return mismatch('The evaluator prepares images otherwise than this release does.')
  }
  if (line.provider !== expected.provider) return providerChanged(expected.provider, line.provider)
  return null
}

export function providerChanged(expected: ExecutionProvider, found: ExecutionProvider) {
  return {
    code: 'PROVIDER_CHANGED' as const,
    detail:
      `The run began on ${expected} and the evaluator now runs on ${found}, which may give other probabilities. ` +
      `Bring ${expected} back, or retry the run to evaluate all of it on ${found}.`,
  }
}

function mismatch(what: string) {
  return {
    code: 'EVALUATOR_MISMATCH' as const,
    detail: `${what} Install the same release here and there, then retry the run.`,
  }
}

/** Rounding of a softmax in float64 stays far below; anything above is another kind of output. */
const SUM_TOLERANCE = 1e-6

/** Why an `ok` line cannot be a prediction over these classes, or null. */
export function findImpossibleOutput(
  line: Extract<EvaluationLine, { status: 'ok' }>,
  classCount: number,
): string | null {
  const { probabilities, predictedIndex } = line
  if (probabilities.length !== classCount) {
    return `A line has ${probabilities.length} probabilities for ${classCount} finding classes.`
  }
  const sum = probabilities.reduce((total, probability) => total + probability, 0)
  if (Math.abs(sum - 1) > SUM_TOLERANCE) return `The probabilities of a line add up to ${sum}.`
  if (predictedIndex !== argmax(probabilities))
    return 'The predicted class of a line is not the most probable one.'
  return null
}
