import type { ModelCard } from '#lib/vocabulary/model-card.ts'
import { type Bound, measureBound } from './bound.ts'
import { evaluateOurWay, type OurResult, type Service } from './our-way.ts'
import { evaluateSeedWay, type SeedResult } from './seed-way.ts'

export type ExportForm = 'plain' | 'folded'
export type ModelFile = { file: string; sha256: string }

/** Each way once, on the same images. Rates are images per second. */
export type Alternation = {
  busyShare: number
  imageCount: number
  seed: { rate: number; cpuSeconds: number }
  ours: Record<ExportForm, { rate: number; evaluatingRate: number; result: OurResult }>
  bounds: Record<ExportForm, Bound>
  versions: SeedResult['versions']
}

/** Sums in another order move the last bits of a float32; other pixels move far more. */
const LARGEST_DIFFERENCE = 1e-4

export async function measureAlternation(setting: {
  service: Service
  folder: string
  kind: string
  number: number
  busyShare: number
  models: Record<ExportForm, ModelFile>
  card: ModelCard
}): Promise<Alternation> {
  const { service, folder, kind, number, models, card } = setting
  const seedWay = () => evaluateSeedWay(models.plain.file, folder)
  const ourWay = (form: ExportForm) => () =>
    evaluateOurWay(service, {
      modelFile: models[form].file,
      card,
      folder,
      number,
      round: `${kind}-${form}-${number}`,
    })
  const bound = (form: ExportForm) => () => measureBound({ ...models[form], card }, folder)
  const measured = await inTurn(
    {
      seed: seedWay,
      plain: ourWay('plain'),
      plainBound: bound('plain'),
      folded: ourWay('folded'),
      foldedBound: bound('folded'),
    },
    number % 2 === 0,
  )
  const count = Object.keys(measured.seed.probabilities).length
  assertSameWork(measured.seed, measured.plain)
  assertSameWork(measured.seed, measured.folded)
  const ours = (result: OurResult) => ({
    rate: count / result.seconds,
    evaluatingRate: count / result.timings.evaluatingSeconds,
    result,
  })
  return {
    busyShare: setting.busyShare,
    imageCount: count,
    seed: { rate: count / measured.seed.seconds, cpuSeconds: measured.seed.cpuSeconds },
    ours: { plain: ours(measured.plain), folded: ours(measured.folded) },
    bounds: { plain: measured.plainBound, folded: measured.foldedBound },
    versions: measured.seed.versions,
  }
}

/** One after the other, every second time backwards: what drifts on the machine favours neither. */
async function inTurn<Results extends Record<string, unknown>>(
  ways: { [Name in keyof Results]: () => Promise<Results[Name]> },
  backwards: boolean,
): Promise<Results> {
  const names = Object.keys(ways) as (keyof Results)[]
  const results: Partial<Results> = {}
  for (const name of backwards ? names.toReversed() : names) results[name] = await ways[name]()
  return results as Results
}

/** A way that computes something else is no faster way. */
function assertSameWork(seed: SeedResult, ours: OurResult): void {
  const keys = Object.keys(seed.probabilities)
  if (keys.length !== ours.probabilities.size)
    throw new Error(`The peer predicted ${keys.length} images, the run ${ours.probabilities.size}.`)
  for (const key of keys) {
    const own = ours.probabilities.get(key)
    for (const [index, value] of (seed.probabilities[key] ?? []).entries())
      if (!(Math.abs(value - (own?.[index] ?? Number.NaN)) <= LARGEST_DIFFERENCE))
        throw new Error(
          `The peer gives ${key} the probability ${value} for class ${index}, the run ${own?.[index]}.`,
        )
  }
}
