import type { VersionEvaluation } from '#lib/model/registry/schema.ts'
import type { Statistic } from '#lib/vocabulary/statistic.ts'

export type ClassSensitivity = { findingClass: string; sensitivity: Statistic }

/**
 * A class is far below the others where its interval's lower end is this much below the median of theirs. Fifteen points
 * is what separates a class the model is weak in from one with fewer images: 60 images at 0.95 reach down to 0.86.
 */
const FAR_BELOW = 0.15

/** Classes far below the others; where there are none, the one whose sensitivity is lowest. Null intervals are left out. */
export function findWeakClasses(
  classes: readonly ClassSensitivity[],
): { weak: ClassSensitivity; othersLow: number; far: boolean }[] {
  const measured = classes.filter(({ sensitivity }) => sensitivity.low !== null && sensitivity.n > 0)
  if (measured.length < 2) return []
  const judged = measured.map((weak) => {
    const othersLow = median(measured.filter((each) => each !== weak).map(lowOf))
    return { weak, othersLow, far: lowOf(weak) <= othersLow - FAR_BELOW }
  })
  const far = judged.filter((each) => each.far)
  if (far.length > 0) return far.sort((a, b) => lowOf(a.weak) - lowOf(b.weak))
  const lowest = Math.min(...measured.map(({ sensitivity }) => sensitivity.value ?? 1))
  return judged.filter(({ weak }) => weak.sensitivity.value === lowest && lowest < 1).slice(0, 1)
}

/**
 * Whether the newer of two evaluations is worse. Where the intervals overlap that is undecided: which images both got
 * right is not looked at, so this errs on the side of saying nothing.
 */
export function compareWithPredecessor(
  newer: VersionEvaluation,
  older: VersionEvaluation,
): 'worse' | 'undecided' | 'not-worse' {
  const [now, before] = [newer.accuracy, older.accuracy]
  if (now.value === null || before.value === null || now.value >= before.value) return 'not-worse'
  return (now.high ?? 1) < (before.low ?? 0) ? 'worse' : 'undecided'
}

/** `91.2% (95% CI 85.0–95.9%, 100 images)` */
export function describeStatistic({ value, low, high, n }: Statistic): string {
  if (value === null || low === null || high === null) return `– (${n} images)`
  return `${percent(value)}% (95% CI ${percent(low)}–${percent(high)}%, ${n} images)`
}

const percent = (value: number) => (value * 100).toFixed(1)
const lowOf = ({ sensitivity }: ClassSensitivity) => sensitivity.low ?? 0

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [upper = 0, lower = 0] = [sorted[middle], sorted[middle - 1]]
  return sorted.length % 2 === 1 ? upper : (upper + lower) / 2
}
