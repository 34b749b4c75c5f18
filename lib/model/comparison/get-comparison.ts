import { setImmediate as pause } from 'node:timers/promises'
import { countLeftOut } from '#lib/data/snapshot/count-left-out.ts'
import { describeLeftOut } from '#lib/data/snapshot/left-out.ts'
import { Recent } from '#lib/platform/concurrency/recent.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { compareVersions, type VersionComparison } from './compare-versions.ts'
import type { ComparedRun } from './compared-run.ts'
import type { ImageSets } from './match-answers.ts'
import { type ComparedVersions, type PairedRuns, pairRuns } from './pair-runs.ts'
import { DEFAULT_GATE_RULES, type GateDecision, type GateRules, promotionGate } from './promotion-gate.ts'

export type ComparisonQuery = ComparedVersions & {
  gateRules?: { [Rule in keyof GateRules]?: GateRules[Rule] | undefined }
  resamples?: number | undefined
  seed?: number | undefined
}

export type ComparedSide = {
  modelVersionId: string
  label: string
  evaluationRunId: string
  snapshotId: string
  finishedAt: Date
}

export type ModelComparison = Omit<VersionComparison, 'gate'> & {
  dataset: string
  baseline: ComparedSide
  candidate: ComparedSide
  /** True where only the images of both were compared, because each run has others. */
  intersection: boolean
  imageSets: ImageSets
  /** `notes` are no reason against promotion, and worth knowing before it. */
  gate: GateDecision & { rules: GateRules; notes: string[] }
}

/** Bootstraps wait for each other: a request for another page meanwhile waits for one of them at most. */
let lastComputation: Promise<unknown> = Promise.resolve()

function oneAtATime<T>(compute: () => Promise<T>): Promise<T> {
  const mine = lastComputation.then(compute)
  lastComputation = mine.catch(() => undefined)
  return mine
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
const recent = new Recent<VersionComparison>(50)

/** Two versions on the same images of a dataset: everything that can be said of the difference. */
export async function getModelComparison(
  context: Pick<Context, 'db'>,
  query: ComparisonQuery,
): Promise<ModelComparison> {
  const paired = await pairRuns(context, query)
  const { baseline, candidate, imageSets, pairs, cardModalities } = paired
  const rules = completeRules(query.gateRules ?? {}, paired)
  const key = [paired.key, query.resamples ?? '', query.seed ?? ''].join()
  const labels = { baseline: baseline.label, candidate: candidate.label }
  refuseTooManyResamples(query.resamples, pairs.referenceIndices.length)
  const { resamples, seed } = query
  const { gate: _default, ...compared } = await recent.get(context.db, key, () =>
    oneAtATime(() =>
      compareVersions(pairs, { labels, cardModalities, resamples, seed, pause: () => pause() }),
    ),
  )
  const leftOut = imageSets.baselineOnly + imageSets.candidateOnly
  const notes = await noteLeftOutFiles(context, [baseline, candidate])
  return {
    dataset: query.dataset,
    baseline: describeSide(baseline),
    candidate: describeSide(candidate),
    intersection: leftOut > 0,
    imageSets,
    ...compared,
    reasons: [...compared.reasons, ...describeUnpaired(imageSets), ...notes],
    gate: { ...promotionGate(compared, rules), rules, notes },
  }
}

function completeRules(stated: NonNullable<ComparisonQuery['gateRules']>, { pairs }: PairedRuns): GateRules {
  const given = Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined))
  const rules: GateRules = { ...DEFAULT_GATE_RULES, ...given }
  const unknown = rules.mustNotMiss.filter((name) => !pairs.classes.includes(name))
  if (unknown.length > 0)
    throw new ServiceError(
      'UNPROCESSABLE',
      `mustNotMiss: neither version predicts the finding class ${unknown.map((name) => JSON.stringify(name)).join(', ')}.`,
      { code: 'UNKNOWN_CLASS', details: { findingClasses: unknown } },
    )
  return { ...rules, mustNotMiss: [...new Set(rules.mustNotMiss)] }
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
