import type { Statistic } from '#lib/vocabulary/statistic.ts'
import { images, percent, points, pValue, signed } from './in-words.ts'
import type {
  BootstrappedDifference,
  FindingClassComparison,
  McNemar,
  PairedCounts,
  Verdict,
} from './schema.ts'
import { verdictOf } from './verdict.ts'

/** What the sentences are about; labels are how people name the versions. */
export type ComparedNumbers = {
  labels: { baseline: string; candidate: string }
  accuracies: { baseline: number | null; candidate: number | null }
  n: number
  paired: PairedCounts
  difference: Statistic
  /** Only where some patient has several images. */
  differenceByPatient?: BootstrappedDifference | undefined
  mcnemar: McNemar
  smallestDetectableDifference: number | null
  findingClasses: readonly FindingClassComparison[]
}

/** Significant at the usual level. */
const ALPHA = 0.05

/** The comparison in one sentence. */
export function headlineOf(compared: ComparedNumbers): string {
  const { labels, accuracies, n, difference } = compared
  const right = `${percent(accuracies.candidate)} against ${percent(accuracies.baseline)} of ${images(n)} correct`
  const range = `between ${signed(difference.low)} and ${signed(difference.high)} points`
  const verdict = verdictOf(difference)
  if (verdict === 'undecided')
    return `Undecided whether ${labels.candidate} is better than ${labels.baseline}: ${right}; the true difference may be anywhere ${range}.`
  return `${labels.candidate} is ${verdict} than ${labels.baseline}: ${right}, a difference ${range}.`
}

/** Why the verdict is what it is, and what it must not hide; each a sentence. */
export function reasonsOf(compared: ComparedNumbers): string[] {
  const { difference, paired, mcnemar } = compared
  const verdict = verdictOf(difference)
  const changed = `${images(paired.candidateOnly)} became correct and ${images(paired.baselineOnly)} became incorrect`
  const test =
    paired.baselineOnly + paired.candidateOnly === 0
      ? 'The versions are correct on the same images.'
      : `${changed} (exact McNemar p ${pValue(mcnemar.exactP)}).`
  return [
    `The difference of ${signed(difference.value)} points has the 95% CI ${signed(difference.low)} to ${signed(difference.high)}, which ${verdict === 'undecided' ? 'includes' : 'excludes'} 0.`,
    test,
    ...(verdict === 'undecided' ? [describePower(compared)] : []),
    ...describePatients(compared, verdict),
    ...describeClasses(compared.findingClasses),
  ]
}

function describePower({ n, smallestDetectableDifference }: ComparedNumbers): string {
  if (smallestDetectableDifference === null)
    return `The versions disagree on too few of the ${images(n)} to detect a difference reliably.`
  return `${images(n)} detect a difference of ${points(smallestDetectableDifference)} with 80% power; a smaller one may be missed.`
}

/** Newcombe's interval takes images as independent; several of one patient are not. */
function describePatients({ differenceByPatient }: ComparedNumbers, verdict: Verdict): string[] {
  if (differenceByPatient === undefined || verdict === 'undecided') return []
  if (verdictOf(differenceByPatient) === verdict) return []
  if (differenceByPatient.low === null) return ['By patient there is no interval: too few patients.']
  return [
    `By patient the interval is ${signed(differenceByPatient.low)} to ${signed(differenceByPatient.high)}, which does not exclude 0: several images of one patient are not independent.`,
  ]
}

function describeClasses(findingClasses: readonly FindingClassComparison[]): string[] {
  const looked = findingClasses.filter(({ n }) => n > 0).length
  const changed = findingClasses.filter(({ holmP }) => holmP !== null && holmP < ALPHA)
  if (changed.length === 0)
    return [
      `No finding class differs significantly (Holm correction for ${looked} classes); classes with few images may still differ.`,
    ]
  return changed.map(
    ({ findingClass, difference, n, holmP }) =>
      `${findingClass}: sensitivity ${changeOf(difference.value)} on ${images(n)} (Holm-adjusted p ${pValue(holmP)}).`,
  )
}

/** 0.095 → `rose by 9.5 points`, −0.095 → `fell by 9.5 points` */
function changeOf(difference: number | null): string {
  return `${(difference ?? 0) < 0 ? 'fell' : 'rose'} by ${points(Math.abs(difference ?? 0))}`
}
