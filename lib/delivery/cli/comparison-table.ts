import type { ApiReply } from '#lib/delivery/client/api-paths.ts'
import type { Statistic } from '#lib/vocabulary/statistic.ts'

/** What the service says of two versions. */
export type ModelComparison = ApiReply<'/api/model-comparisons', 'get'>

const COLUMNS = ['n', 'baseline', 'candidate', 'difference', 'low', 'high', 'p (Holm)']
const WIDTH = 12

/** A comparison for people: the sentences first, then each finding class; an undefined number is "–". */
export function comparisonTable(comparison: ModelComparison): string {
  const { baseline, candidate, dataset, headline, reasons, paired, findingClasses } = comparison
  const nameWidth = Math.max(
    'finding class'.length,
    ...findingClasses.map(({ findingClass }) => findingClass.length),
  )
  const row = (name: string, cells: string[]) =>
    `${name.padEnd(nameWidth)}${cells.map((cell) => cell.padStart(WIDTH)).join('')}`
  return [
    `${candidate.label} against ${baseline.label} on ${dataset}: ${comparison.verdict}`,
    '',
    headline,
    ...reasons,
    '',
    `accuracy     ${withInterval(comparison.difference)}  n = ${comparison.n}`,
    `macro F1     ${withInterval(comparison.macroF1Difference)}`,
    `macro AUROC  ${withInterval(comparison.macroAurocDifference)}`,
    `both correct ${paired.bothRight}, only baseline ${paired.baselineOnly}, only candidate ${paired.candidateOnly}, neither ${paired.bothWrong}`,
    '',
    row('finding class', COLUMNS),
    ...findingClasses.map(({ findingClass, n, difference, holmP, ...sides }) =>
      row(findingClass, [
        String(n),
        ratio(sides.baseline.value),
        ratio(sides.candidate.value),
        signed(difference.value),
        signed(difference.low),
        signed(difference.high),
        pValue(holmP),
      ]),
    ),
    '',
    'differences: candidate minus baseline; per finding class, of its sensitivity',
    '',
  ].join('\n')
}

function withInterval({ value, low, high }: Statistic): string {
  const interval = low === null || high === null ? '' : `  (95% CI ${signed(low)} to ${signed(high)})`
  return `${signed(value)}${interval}`
}

function ratio(value: number | null): string {
  return value === null ? '–' : value.toFixed(4)
}

function pValue(p: number | null): string {
  return p !== null && p < 0.0001 ? '< 0.0001' : ratio(p)
}

function signed(value: number | null): string {
  return value === null ? '–' : `${value > 0 ? '+' : ''}${value.toFixed(4)}`
}
