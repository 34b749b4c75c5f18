import { readFileSync } from 'node:fs'
import type { PairedCounts } from '#lib/model/comparison/schema.ts'

type TableRow = {
  counts: PairedCounts
  difference: number
  newcombe: [number, number]
  newcombe99: [number, number]
  exactP: number
  midP: number
  smallestDetectableDifference: number | null
}

/** Values by NumPy, SciPy, scikit-learn and statsmodels; made by make_comparison_reference.py. */
export const comparison: {
  tables: TableRow[]
  holm: { p: number[]; adjusted: number[] }[]
  powers: { n: number; discordantRatio: number; difference: number; power: number }[]
  /** The second model of golden_9class.json against the first. */
  golden: TableRow & {
    macroF1Difference: number
    macroAurocDifference: number
    confusionDelta: number[][]
    findingClasses: (TableRow & { n: number; p: number; holmP: number })[]
  }
} = JSON.parse(readFileSync(new URL('comparison.json', import.meta.url), 'utf8'))
