export type ClassProbability = { findingClass: string; probability: number }

/** With so many classes or fewer they all stand there, in the version's order, which makes versions comparable. */
const SHOWN_AT_ONCE = 12
const LIKELIEST = 8

/** The classes whose bars are drawn: of many the likeliest, the predicted and the reference class always among them. */
export function shownClasses(input: {
  findingClasses: readonly string[]
  probabilities: readonly number[]
  predictedClass: string
  referenceClass?: string
  all: boolean
}): ClassProbability[] {
  const rows = input.findingClasses.map((findingClass, index) => ({
    findingClass,
    probability: input.probabilities[index] ?? 0,
  }))
  if (input.all || rows.length <= SHOWN_AT_ONCE) return rows
  const sorted = rows.toSorted((a, b) => b.probability - a.probability)
  return sorted.filter(
    ({ findingClass }, place) =>
      place < LIKELIEST || findingClass === input.predictedClass || findingClass === input.referenceClass,
  )
}
