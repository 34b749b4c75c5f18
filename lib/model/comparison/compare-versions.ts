import { clopperPearsonInterval } from '#lib/statistics/clopper-pearson-interval.ts'
import { cohenKappa } from '#lib/statistics/cohen-kappa.ts'
import { confusionMatrix } from '#lib/statistics/confusion-matrix.ts'
import { classwiseCalibrationError } from '#lib/statistics/expected-calibration-error.ts'
import { checkLabelledPredictions } from '#lib/statistics/labelled-predictions.ts'
import { indexPatients } from '#lib/statistics/patient-index.ts'
import { ratio } from '#lib/statistics/proportion.ts'
import { reliabilityDiagram } from '#lib/statistics/reliability-diagram.ts'
import { proportionStatistic } from '#lib/statistics/wilson-interval.ts'
import { bootstrapDifferences } from './bootstrap-differences.ts'
import { compareFindingClasses } from './compare-finding-classes.ts'
import { compareModalities } from './compare-modalities.ts'
import { confusionDelta } from './confusion-delta.ts'
import { headlineOf, reasonsOf } from './describe-comparison.ts'
import { mcNemar } from './mcnemar.ts'
import { differenceStatistic } from './newcombe-paired-interval.ts'
import { countPairs } from './paired-counts.ts'
import { labelled, type PairedPredictions, type VersionAnswers } from './paired-predictions.ts'
import { promotionGate } from './promotion-gate.ts'
import type {
  Calibration,
  CalibrationComparison,
  GateRules,
  PairedCounts,
  VersionComparison,
} from './schema.ts'
import { smallestDetectableDifference } from './smallest-detectable-difference.ts'
import { verdictOf } from './verdict.ts'

export type ComparisonOptions = {
  labels: { baseline: string; candidate: string }
  gateRules?: GateRules | undefined
  /** What the cards say of the classes; see `modalityOf`. */
  cardModalities?: Readonly<Record<string, string>> | undefined
  /** Default 1: the same rows always give the same intervals. */
  seed?: number | undefined
  /** Default `comparisonResamples(n)`. */
  resamples?: number | undefined
  /** Lets the event loop run between pieces of work; rejecting stops the computation. */
  pause: () => Promise<unknown>
}

/** 1,000 resamples up to 4,000 images; beyond, as many as cost the same, but never fewer than 200: a user waits. */
export function comparisonResamples(n: number): number {
  return Math.min(1000, Math.max(200, Math.floor(4_000_000 / Math.max(n, 1))))
}

/** Compares two versions from their predictions of the same images. Undefined numbers are null, never 0, 1 or NaN. */
export async function compareVersions(
  pairs: PairedPredictions,
  { labels, gateRules, cardModalities, pause, ...stated }: ComparisonOptions,
): Promise<VersionComparison> {
  checkLabelledPredictions(labelled(pairs, pairs.baseline))
  checkLabelledPredictions(labelled(pairs, pairs.candidate))
  const n = pairs.referenceIndices.length
  if (pairs.patients.length !== n) throw new RangeError(`${pairs.patients.length} patients for ${n} images`)
  await pause()

  const patients = indexPatients(pairs.patients)
  const resampling = {
    ...patients,
    resamples: stated.resamples ?? comparisonResamples(n),
    seed: stated.seed ?? 1,
    pause,
  }
  const paired = countPairs(pairs.referenceIndices, pairs.baseline, pairs.candidate)
  const { baseline, candidate, differences } = await bootstrapDifferences(pairs, resampling)
  const difference = differenceStatistic(paired)
  const compared = {
    paired,
    difference,
    ...(patients.patientCount < n ? { differenceByPatient: differences.accuracy } : {}),
    mcnemar: mcNemar(paired),
    smallestDetectableDifference: smallestDetectableDifference(paired),
    findingClasses: compareFindingClasses(pairs),
  }
  // Each of these takes some 50 ms for 150,000 images; together they would keep requests waiting.
  await pause()
  const versionsKappa = kappaOf(pairs)
  const modalities = compareModalities(pairs, cardModalities)
  await pause()
  const calibration: CalibrationComparison = {
    baseline: calibrationOf(pairs, pairs.baseline),
    candidate: calibrationOf(pairs, pairs.candidate),
  }
  await pause()
  const accuracies = { baseline: baseline.accuracy, candidate: candidate.accuracy }
  const sentences = { ...compared, labels, accuracies, n }
  return {
    n,
    classesPresent: compared.findingClasses.filter((each) => each.n > 0).length,
    patients:
      patients.imagesWithPatient === 0 ? null : patients.patientCount - (n - patients.imagesWithPatient),
    ...compared,
    macroF1Difference: differences.macroF1,
    macroAurocDifference: differences.macroAuroc,
    versionsKappa,
    baselineMetrics: { ...baseline, ...accuraciesOf(paired, paired.baselineOnly, n) },
    candidateMetrics: { ...candidate, ...accuraciesOf(paired, paired.candidateOnly, n) },
    modalities,
    calibration,
    confusion: confusionDelta(pairs),
    verdict: verdictOf(difference),
    headline: headlineOf(sentences),
    reasons: reasonsOf(sentences),
    gate: promotionGate(compared, gateRules),
  }
}

function accuraciesOf({ bothRight }: PairedCounts, only: number, n: number) {
  const proportion = { successes: bothRight + only, trials: n }
  const exact = { ...clopperPearsonInterval(proportion), n, method: 'Clopper-Pearson 95% CI' }
  return {
    accuracy: proportionStatistic(proportion),
    accuracyExact: { value: ratio(proportion), ...exact },
  }
}

function calibrationOf(pairs: PairedPredictions, answers: VersionAnswers): Calibration {
  const predictions = labelled(pairs, answers)
  return { ...reliabilityDiagram(predictions), classwiseEce: classwiseCalibrationError(predictions) }
}

/** The baseline's classes take the place of the reference classes. */
function kappaOf(pairs: PairedPredictions): number | null {
  const asReference = { ...pairs, referenceIndices: pairs.baseline.predictedIndices }
  return cohenKappa(confusionMatrix(labelled(asReference, pairs.candidate)))
}
