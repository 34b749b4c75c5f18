import { getActiveDataset } from '#lib/data/dataset-source/find-active.ts'
import type { Asker } from '#lib/platform/concurrency/heavy-reads.ts'
import { SharedWork, type Work } from '#lib/platform/concurrency/shared-work.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { type ComparedRun, getComparedRun } from './compared-run.ts'
import { matchAnswers } from './match-answers.ts'
import { pairAnswers } from './pair-answers.ts'
import type { PairedPredictions } from './paired-predictions.ts'
import { readAnswers } from './read-answers.ts'
import type { ImageSets } from './schema.ts'

export type ComparedVersions = {
  /** Model version ids. */
  baseline: string
  candidate: string
  /** Name of the dataset. */
  dataset: string
  /** Goes on with the images of both where the runs are about different ones. */
  intersection?: boolean | undefined
}

/** Two versions' latest succeeded runs on a dataset, image by image. */
export type PairedRuns = {
  baseline: ComparedRun
  candidate: ComparedRun
  imageSets: ImageSets
  pairs: PairedPredictions
  /** What the cards say of the classes; where they differ, the candidate's. */
  cardModalities: Readonly<Record<string, string>>
  /** Per image, as in `pairs`. */
  imageIds: Float64Array
}

/** The two runs that are compared; the key names them as they are now. */
export type ComparedRuns = { baseline: ComparedRun; candidate: ComparedRun; key: string }

/** Beside the arrays of numbers: a patient's name, and half of its place in the lists. */
const BYTES_OF_PATIENT = 48
/** A hundred thousand images of nine classes take 20 MB. */
const shared = new SharedWork<PairedRuns>('paired-runs', { bytesOf: bytesOfPairs })

function bytesOfPairs({ pairs, imageIds }: PairedRuns): number {
  const { referenceIndices, baseline, candidate, patients } = pairs
  const answers = [baseline, candidate].flatMap((each) => [each.predictedIndices, each.probabilities])
  const numbers = [imageIds, referenceIndices, ...answers]
  return numbers.reduce((sum, { byteLength }) => sum + byteLength, patients.length * BYTES_OF_PATIENT)
}

/** The runs' images that both have; refused with the counts where each has others, unless the caller wants these. */
export async function pairRuns(asker: Asker, input: ComparedVersions): Promise<PairedRuns & { key: string }> {
  const runs = await findComparedRuns(asker, input)
  const paired = await shared.get(asker, runs.key, (work) => readPairs(work, runs))
  refuseDifferentSets(paired, input)
  return { ...paired, key: runs.key }
}

/** The same for work that holds a place already. */
export async function pairRunsWithin(
  work: Work,
  runs: ComparedRuns,
  input: ComparedVersions,
): Promise<PairedRuns> {
  const known = shared.findDone(work.db, runs.key)
  const paired = known ?? (await readPairs(work, runs))
  if (known === undefined) shared.keep(work.db, runs.key, paired)
  refuseDifferentSets(paired, input)
  return paired
}

export async function findComparedRuns(
  { db }: Pick<Context, 'db'>,
  input: ComparedVersions,
): Promise<ComparedRuns> {
  const dataset = await getActiveDataset(db, input.dataset)
  const baseline = await getComparedRun(db, input.baseline, dataset)
  const candidate = await getComparedRun(db, input.candidate, dataset)
  const key = [baseline, candidate].map(({ evaluationRunId, epoch }) => `${evaluationRunId} ${epoch}`).join()
  return { baseline, candidate, key }
}

async function readPairs({ db, signal }: Work, { baseline, candidate }: ComparedRuns): Promise<PairedRuns> {
  const withContent = baseline.snapshotId !== candidate.snapshotId
  const before = await readAnswers(db, baseline.scope, { withContent, signal })
  const after = await readAnswers(db, candidate.scope, { withContent, signal })
  const { matches, imageSets } = matchAnswers(before, after)
  const pairs = pairAnswers(before, after, matches)
  const imageIds = Float64Array.from(matches.candidate, (i) => after.imageIds[i] as number)
  const cardModalities = { ...baseline.modalities, ...candidate.modalities }
  return { baseline, candidate, imageSets, pairs, cardModalities, imageIds }
}

function refuseDifferentSets(
  { imageSets, baseline, candidate }: PairedRuns,
  { intersection = false, dataset }: ComparedVersions,
): void {
  const { both, baselineOnly, candidateOnly, relabelled } = imageSets
  if (both === 0)
    throw new ServiceError(
      'CONFLICT',
      `The latest evaluations of ${baseline.label} and ${candidate.label} on ${dataset} have no image in common: evaluate both again.`,
      { code: 'NO_COMMON_IMAGES', details: imageSets },
    )
  if (intersection || baselineOnly + candidateOnly === 0) return
  const others = relabelled === 0 ? '' : ` (${relabelled} of them changed their reference class)`
  throw new ServiceError(
    'CONFLICT',
    `The latest evaluations on ${dataset} used different images: ${both} have a prediction of both, ${baselineOnly} of ${baseline.label} only, ${candidateOnly} of ${candidate.label} only${others}. ` +
      `Evaluate both again, or compare them on the ${both} common images (intersection=true).`,
    { code: 'IMAGE_SETS_DIFFER', details: imageSets },
  )
}
