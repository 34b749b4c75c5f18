import { modalityOf } from '#lib/vocabulary/finding-class.ts'
import type { PairedRuns } from './pair-runs.ts'
import type { ComparedOutcome, ComparedSort } from './schema.ts'

/** Which of the compared images are listed, and in which order; everything stated must hold. */
export type ComparedFilter = {
  outcome?: ComparedOutcome | undefined
  /** Reference class. */
  findingClass?: string | undefined
  modality?: string | undefined
  patient?: string | undefined
  sort?: ComparedSort | undefined
}

type Compared = Pick<PairedRuns, 'pairs' | 'cardModalities' | 'imageIds'>

/** The list's images as positions in `pairs`. */
export function comparedList(compared: Compared, filter: ComparedFilter): number[] {
  const { pairs, cardModalities, imageIds } = compared
  const findingClass = filter.findingClass?.normalize('NFC')
  const isListedClass = pairs.classes.map(
    (name) =>
      (findingClass === undefined || name === findingClass) &&
      (filter.modality === undefined || modalityOf(name, cardModalities) === filter.modality),
  )
  const listed: number[] = []
  for (let i = 0; i < imageIds.length; i++) {
    if (!isListedClass[pairs.referenceIndices[i] as number]) continue
    if (filter.patient !== undefined && pairs.patients[i] !== filter.patient) continue
    if (filter.outcome !== undefined && outcomeOf(compared, i) !== filter.outcome) continue
    listed.push(i)
  }
  if (filter.sort !== 'change') return listed
  const change = listed.map((i) => Math.abs(probabilityChange(compared, i)))
  const order = listed.map((_, at) => at)
  order.sort((a, b) => (change[b] as number) - (change[a] as number) || a - b)
  return order.map((at) => listed[at] as number)
}

export function outcomeOf({ pairs }: Pick<Compared, 'pairs'>, i: number): ComparedOutcome {
  const reference = pairs.referenceIndices[i]
  const baselineIsRight = pairs.baseline.predictedIndices[i] === reference
  const candidateIsRight = pairs.candidate.predictedIndices[i] === reference
  if (candidateIsRight) return baselineIsRight ? 'both-right' : 'fixed'
  return baselineIsRight ? 'broken' : 'both-wrong'
}

/** How much more probability the candidate gives to the image's reference class: −1 to 1. */
export function probabilityChange({ pairs }: Pick<Compared, 'pairs'>, i: number): number {
  const at = i * pairs.classes.length + (pairs.referenceIndices[i] as number)
  return (pairs.candidate.probabilities[at] as number) - (pairs.baseline.probabilities[at] as number)
}
