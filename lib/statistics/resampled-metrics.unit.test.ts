import fc from 'fast-check'
import { expect, test } from 'vitest'
import { columns } from '#tests/reference/reference-values.ts'
import { argmax } from './argmax.ts'
import { preparePredictions } from './prepared-predictions.ts'
import { type ResampledMetrics, resampledMetrics } from './resampled-metrics.ts'

type Image = { reference: number; probabilities: number[]; weight: number }

const MODALITIES = ['chest-xray', 'oct']
const CLASS_MODALITIES = ['chest-xray', 'oct', 'chest-xray', 'oct']

const image = fc.record({
  reference: fc.nat(3),
  // Eighths tie often and add up without rounding.
  probabilities: fc
    .array(fc.nat(8), { minLength: 4, maxLength: 4 })
    .map((parts) => parts.map((part) => part / 8)),
  weight: fc.nat(3),
})

async function metricsOf(images: readonly Image[], weights?: Int32Array): Promise<ResampledMetrics> {
  const rows = columns(
    images.map(({ reference }) => reference),
    images.map(({ probabilities }) => argmax(probabilities)),
    images.map(({ probabilities }) => probabilities),
  )
  const prepared = await preparePredictions(
    { ...rows, classCount: 4 },
    CLASS_MODALITIES,
    MODALITIES,
    async () => {},
  )
  return resampledMetrics(prepared, weights)
}

function values({ overall, f1, auroc, modalityMacroAuroc }: ResampledMetrics): (number | null)[] {
  return [...Object.values(overall), ...f1, ...auroc, ...modalityMacroAuroc]
}

/** Sums over images may differ in their last bits with the order of adding. */
function closeTo(metrics: ResampledMetrics): unknown[] {
  return values(metrics).map((value) => (value === null ? null : expect.closeTo(value, 12)))
}

test('by weights are the metrics of the resample written out', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(image, { maxLength: 30 }), async (images) => {
      const weights = Int32Array.from(images, ({ weight }) => weight)
      const writtenOut = images.flatMap((one) => new Array<Image>(one.weight).fill(one))
      expect(values(await metricsOf(images, weights))).toEqual(closeTo(await metricsOf(writtenOut)))
    }),
  )
})

test('do not depend on the order of the images', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(image, { maxLength: 30 }), async (images) => {
      expect(values(await metricsOf(images.toReversed()))).toEqual(closeTo(await metricsOf(images)))
    }),
  )
})
