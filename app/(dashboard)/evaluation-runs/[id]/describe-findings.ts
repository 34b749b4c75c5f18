import { formatCount, formatRatio } from '#app/_format/ratio.ts'

/** What the sentences are made from: a part of a run's metrics. */
export type Findings = {
  n: number
  findingClasses: readonly { findingClass: string; n: number; accuracy: number | null }[]
  confusion: { classes: readonly string[]; counts: readonly (readonly number[])[] }
}

type MeasuredClass = { findingClass: string; n: number; accuracy: number }

/** Below it a 95% CI is up to 34 points wide: the figure alone would mislead. */
export const FEW_IMAGES = 30
const MAX_NAMED = 3

/** A run's metrics in plain words: where the model is good, where it is bad, and what the figures cannot say. */
export function describeFindings(findings: Findings): string[] {
  const { n, findingClasses, confusion } = findings
  if (n === 0) return ['No image has a prediction, so nothing can be said about the model.']
  const right = confusion.classes.reduce((sum, _, k) => sum + (confusion.counts[k]?.[k] ?? 0), 0)
  const measured = findingClasses.filter(isMeasured)
  return [
    `Correct on ${formatCount(right)} of ${formatCount(n)} ${imagesOf(n)} (${formatRatio(right / n)}).`,
    compareClasses(measured, right === n, confusion),
    ...warnOfFewImages(measured),
    ...nameAbsent(findingClasses.filter((each) => each.n === 0).map((each) => each.findingClass)),
  ]
}

/** The class with the lowest sensitivity; of several the one with the most images. Null where none is weaker. */
export function weakestClass(findingClasses: Findings['findingClasses']): MeasuredClass | null {
  const [weakest, ...others] = findingClasses
    .filter(isMeasured)
    .toSorted((a, b) => a.accuracy - b.accuracy || b.n - a.n)
  if (weakest === undefined || others.every((other) => other.accuracy === weakest.accuracy)) return null
  return weakest
}

function compareClasses(
  measured: readonly MeasuredClass[],
  isFaultless: boolean,
  confusion: Findings['confusion'],
): string {
  const [only] = measured
  if (measured.length === 1 && only !== undefined)
    return `All images are of ${only.findingClass}: this shows nothing about telling classes apart.`
  if (isFaultless) return `No errors in ${measured.length} classes.`
  const weakest = weakestClass(measured)
  const best = measured.toSorted((a, b) => b.accuracy - a.accuracy || b.n - a.n)[0]
  if (weakest === null || best === undefined)
    return `All ${measured.length} classes have a sensitivity of ${formatRatio(only?.accuracy)}.`
  return (
    `Best on ${best.findingClass} (${formatRatio(best.accuracy)}), weakest on ${weakest.findingClass} ` +
    `(${formatRatio(weakest.accuracy)}), ${describeMistakes(weakest, confusion)}.`
  )
}

/** "most often misclassified as lung-viral-pneumonia (18 of 136)" */
function describeMistakes(weakest: MeasuredClass, { classes, counts }: Findings['confusion']): string {
  const row = classes.indexOf(weakest.findingClass)
  const mistakes = classes
    .map((findingClass, column) => ({ findingClass, count: counts[row]?.[column] ?? 0 }))
    .filter((_, column) => column !== row)
  const most = Math.max(...mistakes.map(({ count }) => count))
  const names = mistakes.filter(({ count }) => count === most).map(({ findingClass }) => findingClass)
  const each = names.length > 1 ? ' each' : ''
  return `most often misclassified as ${listed(names, 'or', 'classes')} (${most} of ${weakest.n}${each})`
}

function warnOfFewImages(measured: readonly MeasuredClass[]): string[] {
  const few = measured.filter((each) => each.n < FEW_IMAGES)
  if (few.length === 0) return []
  const names = few.map(({ findingClass, n }) => `${findingClass} (${n})`)
  return [`Few images of ${listed(names, 'and', 'classes')}: see their intervals.`]
}

function nameAbsent(absent: readonly string[]): string[] {
  return absent.length === 0 ? [] : [`No images of ${listed(absent, 'and', 'of the model’s classes')}.`]
}

/** "a", "a and b", "a, b and c", "5 classes" */
function listed(names: readonly string[], conjunction: 'and' | 'or', several: string): string {
  if (names.length > MAX_NAMED) return `${names.length} ${several}`
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} ${conjunction} ${last}`
}

function imagesOf(n: number): string {
  return n === 1 ? 'image' : 'images'
}

function isMeasured(each: Findings['findingClasses'][number]): each is MeasuredClass {
  return each.accuracy !== null
}
