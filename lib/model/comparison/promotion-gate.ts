import type { Statistic } from '#lib/vocabulary/statistic.ts'
import { images, percent, points, signed } from './in-words.ts'
import { newcombePairedInterval } from './newcombe-paired-interval.ts'
import { countImages } from './paired-counts.ts'
import type { FindingClassComparison, GateDecision, GateRules, PairedCounts } from './schema.ts'

export const DEFAULT_GATE_RULES: GateRules = {
  accuracyFloor: 0.85,
  nonInferiorityMargin: 0.05,
  mustNotMiss: [],
  minimumImages: 100,
  minimumClassImages: 10,
}

/**
 * Whether the candidate may be promoted: good enough, and not meaningfully worse than
 * the baseline. `reasons` says in words what is missing; a candidate without reasons passes.
 *
 * Non-inferiority: the lower bound of Newcombe's paired interval lies above −margin, for each must-not-miss class too;
 * since all of them must, naming more classes makes no false pass likelier (an intersection-union test: Berger,
 * Technometrics 1982, 24:295). Where patients have several images, the lower bound by patient must lie above it as well.
 */
export function promotionGate(
  compared: {
    paired: PairedCounts
    differenceByPatient?: Pick<Statistic, 'low' | 'high'> | undefined
    findingClasses: readonly FindingClassComparison[]
  },
  rules: GateRules = DEFAULT_GATE_RULES,
): GateDecision {
  const reasons = [
    ...judgeOverall(compared.paired, rules),
    ...judgeByPatient(compared.differenceByPatient, rules),
    ...judgeClasses(compared.findingClasses, rules),
  ]
  return { passes: reasons.length === 0, reasons }
}

function judgeOverall(paired: PairedCounts, rules: GateRules): string[] {
  const n = countImages(paired)
  const minimum = Math.max(1, rules.minimumImages)
  const reasons: string[] = []
  if (n < minimum) reasons.push(`${images(n)} were compared; the gate requires at least ${images(minimum)}.`)
  if (n === 0) return reasons
  const accuracy = (paired.bothRight + paired.candidateOnly) / n
  if (accuracy < rules.accuracyFloor)
    reasons.push(
      `The accuracy is ${below(accuracy, rules.accuracyFloor)}; the gate requires at least ${percent(rules.accuracyFloor)}.`,
    )
  const { low, high } = newcombePairedInterval(paired)
  if (low !== null && low <= -rules.nonInferiorityMargin)
    reasons.push(
      `The accuracy may be ${points(-low)} below the baseline's (95% CI ${signed(low)} to ${signed(high)}); ` +
        `the gate allows less than ${points(rules.nonInferiorityMargin)}.`,
    )
  return reasons
}

/** A ratio below a bar, with more digits where it would read like the bar itself. */
function below(ratio: number, bar: number): string {
  return percent(ratio) === percent(bar) ? `${(100 * ratio).toFixed(3)}%` : percent(ratio)
}

/** Images of one patient are alike: taken as independent, they make the interval too narrow. */
function judgeByPatient(
  difference: Pick<Statistic, 'low' | 'high'> | undefined,
  { nonInferiorityMargin }: GateRules,
): string[] {
  if (difference === undefined) return []
  const { low, high } = difference
  if (low === null) return ['There are too few patients for an interval of the difference by patient.']
  if (low > -nonInferiorityMargin) return []
  return [
    `By patient the accuracy may be ${points(-low)} below the baseline's (95% CI ${signed(low)} to ${signed(high)}); ` +
      `the gate allows less than ${points(nonInferiorityMargin)}.`,
  ]
}

function judgeClasses(findingClasses: readonly FindingClassComparison[], rules: GateRules): string[] {
  const named = rules.mustNotMiss.map((name) => ({
    name,
    paired: findingClasses.find(({ findingClass }) => findingClass === name)?.paired ?? NO_IMAGES,
  }))
  const isLargeEnough = ({ paired }: { paired: PairedCounts }) =>
    countImages(paired) >= Math.max(1, rules.minimumClassImages)
  return named.flatMap((each) =>
    isLargeEnough(each)
      ? judgeSensitivity(each, rules)
      : [
          `${each.name} (critical finding) has ${images(countImages(each.paired))}; ` +
            `the gate requires at least ${Math.max(1, rules.minimumClassImages)}.`,
        ],
  )
}

const NO_IMAGES: PairedCounts = { bothRight: 0, baselineOnly: 0, candidateOnly: 0, bothWrong: 0 }

function judgeSensitivity(
  { name, paired }: { name: string; paired: PairedCounts },
  { nonInferiorityMargin }: GateRules,
): string[] {
  const { low } = newcombePairedInterval(paired)
  if (low !== null && low > -nonInferiorityMargin) return []
  return [
    `${name} (critical finding): on ${images(countImages(paired))} its sensitivity may be ` +
      `${points(-(low ?? -1))} below the baseline's (lower end of the 95% CI); ` +
      `the gate allows less than ${points(nonInferiorityMargin)}.`,
  ]
}
