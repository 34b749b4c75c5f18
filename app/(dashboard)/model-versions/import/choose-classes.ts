/** Of one column: its cells as numbers, NaN where they are none. */
export type Column = { name: string; values: number[] }

/** `asked`: columns that may be finding classes or not; the person who imports may say otherwise. */
export type ClassChoice = { findingClasses: string[]; leftOut: string[]; asked: string[] }

/** As the service checks it. */
const SUM_TOLERANCE = 1e-3

/**
 * Which columns hold probabilities. A column whose name is a reference or predicted class does. Others may be a fold, an
 * index or a mark that the answer was right: they are finding classes only where the probabilities need them to sum to 1.
 */
export function chooseClasses(
  columns: readonly Column[],
  seen: ReadonlySet<string>,
  stated: readonly string[] | null,
): ClassChoice {
  const isSeen = ({ name }: Column) => seen.has(name)
  const asked = columns.filter((column) => !isSeen(column) && column.values.every(isProbability))
  const chosen =
    stated === null
      ? chooseAsked(columns.filter(isSeen), asked)
      : asked.filter(({ name }) => stated.includes(name))
  const taken = columns.filter((column) => isSeen(column) || chosen.includes(column))
  return {
    findingClasses: taken.map(({ name }) => name),
    leftOut: columns.filter((column) => !taken.includes(column)).map(({ name }) => name),
    asked: asked.map(({ name }) => name),
  }
}

function chooseAsked(known: readonly Column[], asked: readonly Column[]): readonly Column[] {
  const fractions = asked.filter(({ values }) => !values.every(Number.isInteger))
  const without = asked.map((column) => asked.filter((each) => each !== column))
  const candidates = [fractions, [], asked, ...without].filter(
    (chosen) => known.length + chosen.length >= 2, // a single class is no choice
  )
  return candidates.find((chosen) => sumToOne([...known, ...chosen])) ?? candidates[0] ?? asked
}

function sumToOne(columns: readonly Column[]): boolean {
  const [first] = columns
  return (first?.values ?? []).every((_, row) => {
    const sum = columns.reduce((total, { values }) => total + (values[row] ?? Number.NaN), 0)
    return Math.abs(sum - 1) <= SUM_TOLERANCE
  })
}

function isProbability(value: number): boolean {
  return value >= 0 && value <= 1
}
