import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { golden } from '#tests/reference/reference-values.ts'
import { topLabelScores } from './binned-scores.ts'
import { expectedCalibrationError } from './expected-calibration-error.ts'
import { fitTemperature, scaleByTemperature, TEMPERATURES } from './fit-temperature.ts'
import type { LabelledPredictions } from './labelled-predictions.ts'
import { logLosses } from './log-loss.ts'

type Row = {
  name: string
  probabilities: number[][] | null
  references: number[] | null
  temperature: number
  logLoss: number
  scaledLogLoss: number
  scaledEce: number
  firstScaled: number[]
}

/** By SciPy and scikit-learn; made by make_temperature_reference.py. */
const { rows }: { rows: Row[] } = JSON.parse(
  readFileSync(new URL('../../tests/reference/temperature.json', import.meta.url), 'utf8'),
)

const labelled = (probabilities: number[][], references: number[]): LabelledPredictions => ({
  classCount: probabilities[0]?.length ?? 3,
  referenceIndices: Int32Array.from(references),
  predictedIndices: Int32Array.from(probabilities, (own) => own.indexOf(Math.max(...own))),
  probabilities: Float64Array.from(probabilities.flat()),
})
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length

const rest = () => Promise.resolve()

describe('temperature scaling', () => {
  it.each(rows.map((row, at) => [row.name, row, [golden.P1, golden.P2][at]] as const))(
    'finds the temperature that SciPy finds: %s',
    async (_name, row, fixture) => {
      const predictions = labelled(row.probabilities ?? fixture ?? [], row.references ?? golden.y)
      const temperature = (await fitTemperature(predictions, rest)) as number
      // The loss is flat at its minimum: SciPy, which sees only the loss, finds half of the digits.
      expect(Math.abs(temperature / row.temperature - 1)).toBeLessThan(1e-6)
      const scaled = scaleByTemperature(predictions, row.temperature)
      expect(mean(logLosses(predictions))).toBeCloseTo(row.logLoss, 12)
      expect(mean(logLosses(scaled))).toBeCloseTo(row.scaledLogLoss, 12)
      expect(expectedCalibrationError(topLabelScores(scaled))).toBeCloseTo(row.scaledEce, 12)
      row.firstScaled.forEach((p, k) => void expect(scaled.probabilities[k]).toBeCloseTo(p, 12))
      expect(mean(logLosses(scaleByTemperature(predictions, temperature)))).toBeLessThanOrEqual(
        row.scaledLogLoss + 1e-15,
      )
    },
  )

  it('stays within the temperatures that are tried, and has none without images', async () => {
    const sure = [
      [0.6, 0.4],
      [0.3, 0.7],
    ]
    expect(await fitTemperature(labelled(sure, [0, 1]), rest)).toBe(TEMPERATURES.lowest)
    expect(await fitTemperature(labelled(sure, [1, 0]), rest)).toBe(TEMPERATURES.highest)
    expect(await fitTemperature(labelled([], []), rest)).toBeNull()
  })

  it('leaves a probability of 0 and of 1 finite', () => {
    const scaled = scaleByTemperature(labelled([[1, 0, 0]], [1]), 2)
    expect(scaled.probabilities.every((p) => p > 0 && p < 1)).toBe(true)
    expect(scaled.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 15)
  })
})
