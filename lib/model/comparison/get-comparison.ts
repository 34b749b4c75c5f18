import { setImmediate as pause } from 'node:timers/promises'
import { countLeftOut } from '#lib/data/snapshot/count-left-out.ts'
import { describeLeftOut } from '#lib/data/snapshot/left-out.ts'
import type { Asker } from '#lib/platform/concurrency/heavy-reads.ts'
import { SharedWork, type Work } from '#lib/platform/concurrency/shared-work.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { compareVersions, comparisonResamples } from './compare-versions.ts'
import type { ComparedRun } from './compared-run.ts'
import { completeRules, type GateSettings, gateVersion } from './gate-settings.ts'
import { type ComparedRuns, type ComparedVersions, findComparedRuns, pairRunsWithin } from './pair-runs.ts'
import { promotionGate } from './promotion-gate.ts'
import type { ComparedSide, GateRules, ImageSets, ModelComparison, VersionComparison } from './schema.ts'

export type ComparisonQuery = ComparedVersions & {
  /** What the caller would like to see the gate say by; without any, the service's own rules decide. */
  gateRules?: { [Rule in keyof GateRules]?: GateRules[Rule] | undefined }
  /** Of the intervals that are shown; the gate's own are drawn as the service is set. */
  resamples?: number | undefined
  seed?: number | undefined
}

/** So many drawn images are some fifteen seconds of work. */
const MOST_DRAWN_IMAGES = 50_000_000

function refuseTooManyResamples(resamples: number | undefined, n: number): void {
  const most = Math.max(1000, Math.floor(MOST_DRAWN_IMAGES / Math.max(n, 1)))
  if (resamples === undefined || resamples <= most) return
  throw new ServiceError('UNPROCESSABLE', `resamples: at most ${most} of ${n} images.`, {
    code: 'TOO_MANY_RESAMPLES',
  })
}

/** Computed numbers are small; the rules of the gate are applied to them anew. */
type Compared = {
  imageSets: ImageSets
  classes: readonly string[]
  shown: VersionComparison
  /** What the gate looks at: drawn by the service's seed and resamples. */
  judged: VersionComparison
}

/** A cell of a confusion table is three numbers: of both versions, and their difference. */
const BYTES_OF_CELL = 24
/** What is said of one class, with its intervals. */
const BYTES_OF_CLASS = 4096
const shared = new SharedWork<Compared>('comparisons', { bytesOf: bytesOfComparison })

function bytesOfComparison({ classes: { length }, shown, judged }: Compared): number {
  const each = length ** 2 * BYTES_OF_CELL + length * BYTES_OF_CLASS
  return shown === judged ? each : 2 * each
}

/** Two versions on the same images of a dataset: everything that can be said of the difference. */
export async function getModelComparison(
  asker: Asker,
  gate: GateSettings,
  query: ComparisonQuery,
): Promise<ModelComparison> {
  const runs = await findComparedRuns(asker, query)
  const { baseline, candidate } = runs
  const drawing = { resamples: query.resamples ?? gate.resamples, seed: query.seed ?? gate.seed }
  const key = JSON.stringify([runs.key, query.intersection ?? false, query.resamples, drawing.seed, gate])
  const { imageSets, classes, shown, judged } = await shared.get(asker, key, (work) =>
    compareRuns(work, { runs, query, drawing, gate }),
  )
  const rules = completeRules(gate.rules, query.gateRules ?? {}, classes)
  const { gate: _default, ...compared } = shown
  const leftOut = imageSets.baselineOnly + imageSets.candidateOnly
  const notes = await noteLeftOutFiles(asker, [baseline, candidate])
  return {
    dataset: query.dataset,
    baseline: describeSide(baseline),
    candidate: describeSide(candidate),
    intersection: leftOut > 0,
    imageSets,
    ...compared,
    reasons: [...compared.reasons, ...describeUnpaired(imageSets), ...notes],
    gate: {
      ...promotionGate(judged, rules.rules),
      rules: rules.rules,
      rulesVersion: rules.areStated ? null : gateVersion(gate),
      decides: !rules.areStated,
      notes,
    },
  }
}

async function compareRuns(
  work: Work,
  asked: {
    runs: ComparedRuns
    query: ComparisonQuery
    drawing: { resamples: number; seed: number }
    gate: GateSettings
  },
): Promise<Compared> {
  const { runs, query, drawing, gate } = asked
  const { pairs, imageSets, cardModalities } = await pairRunsWithin(work, runs, query)
  const n = pairs.referenceIndices.length
  refuseTooManyResamples(query.resamples, n)
  const labels = { baseline: runs.baseline.label, candidate: runs.candidate.label }
  const rest = async () => {
    await pause()
    work.signal.throwIfAborted()
  }
  const compareBy = (seed: number, resamples: number) =>
    compareVersions(pairs, { labels, cardModalities, seed, resamples, pause: rest })
  const own = Math.min(gate.resamples, comparisonResamples(n))
  const judged = await compareBy(gate.seed, own)
  const isOwn = drawing.seed === gate.seed && query.resamples === undefined
  const shown = isOwn ? judged : await compareBy(drawing.seed, query.resamples ?? own)
  return { imageSets, classes: pairs.classes, shown, judged }
}

function describeSide({
  scope: _scope,
  epoch: _epoch,
  modalities: _modalities,
  ...side
}: ComparedRun): ComparedSide {
  return side
}

function describeUnpaired({ baselineOnly, candidateOnly, both }: ImageSets): string[] {
  const leftOut = baselineOnly + candidateOnly
  if (leftOut === 0) return []
  return [
    `Only the ${both} images with a prediction of both were compared; ${baselineOnly} of the baseline alone and ${candidateOnly} of the candidate alone were left out.`,
  ]
}

/** Files of the dataset that are in neither evaluation; once where both are of one snapshot. */
async function noteLeftOutFiles(
  { db }: Pick<Context, 'db'>,
  sides: readonly ComparedSide[],
): Promise<string[]> {
  const leftOut = await countLeftOut(
    db,
    sides.map(({ snapshotId }) => snapshotId),
  )
  return [...new Set([...leftOut.values()].flatMap((each) => describeLeftOut(each) ?? []))]
}
