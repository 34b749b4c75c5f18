import { z } from 'zod'
import { instant } from '#lib/platform/api/instant.ts'
import { reliabilityDiagramSchema } from '#lib/statistics/schema.ts'
import { statisticSchema } from '#lib/vocabulary/statistic.ts'

const number = z.number().nullable()

export const verdictSchema = z.enum(['better', 'worse', 'undecided'])
export type Verdict = z.infer<typeof verdictSchema>

/** One of the two compared. */
const side = z.strictObject({
  modelVersionId: z.uuid(),
  label: z.string(),
  evaluationRunId: z.uuid(),
  snapshotId: z.uuid(),
  finishedAt: instant,
})
export type ComparedSide = z.infer<typeof side>

const answered = z.strictObject({ images: z.int(), errors: z.int() })

/** How far two runs are about the same images; only images with a prediction count. */
const imageSets = z.strictObject({
  baseline: answered,
  candidate: answered,
  both: z.int(),
  baselineOnly: z.int(),
  candidateOnly: z.int(),
  /** Of these the ones that the other run has too, in another reference class: two images of it, not one. */
  relabelled: z.int(),
})
export type ImageSets = z.infer<typeof imageSets>

/**
 * Two versions' answers to the same images, counted by who was right: the paired 2 × 2 table. All that tests and
 * intervals of a difference of two accuracies need.
 */
const paired = z.strictObject({
  bothRight: z.int(),
  baselineOnly: z.int(),
  candidateOnly: z.int(),
  bothWrong: z.int(),
})
export type PairedCounts = z.infer<typeof paired>

/** A difference whose interval comes from resampling, and what repeats it. */
const bootstrapped = statisticSchema.extend({ resamples: z.int(), seed: z.int() })
export type BootstrappedDifference = z.infer<typeof bootstrapped>

/** Two-sided p-values; 1 where the versions differ on no image. */
const mcNemar = z.strictObject({
  /** Never rejects more often than stated. */
  exactP: z.number(),
  /** Closer to the stated level on average, and may exceed it slightly. */
  midP: z.number(),
})
export type McNemar = z.infer<typeof mcNemar>

const versionSummary = z.strictObject({
  accuracy: statisticSchema,
  /** The same with the exact interval, for safety claims. */
  accuracyExact: statisticSchema,
  macroF1: number,
  macroAuroc: number,
})
export type VersionSummary = z.infer<typeof versionSummary>

/** Both versions on the images of one finding class. Everything is null or 0 for a class without images. */
const findingClassComparison = z.strictObject({
  findingClass: z.string(),
  /** Images of the class. */
  n: z.int(),
  paired,
  /** Sensitivities: the class's images that were predicted as it. */
  baseline: statisticSchema,
  candidate: statisticSchema,
  /** Of the sensitivities, candidate minus baseline. */
  difference: statisticSchema,
  /** Exact McNemar. */
  p: number,
  /** Adjusted for looking at all classes that have images. */
  holmP: number,
})
export type FindingClassComparison = z.infer<typeof findingClassComparison>

/** Both versions on the images of one modality. */
const modalityComparison = z.strictObject({
  modality: z.string(),
  /** Images whose reference class belongs to the modality. */
  n: z.int(),
  paired,
  /** Accuracies; a class of another modality is a mistake like any other. */
  baseline: statisticSchema,
  candidate: statisticSchema,
  /** Candidate minus baseline. */
  difference: statisticSchema,
  /** Images predicted as a class of another modality: any is an alert. */
  crossModalityPredictions: z.strictObject({ baseline: z.int(), candidate: z.int() }),
})
export type ModalityComparison = z.infer<typeof modalityComparison>

const calibration = reliabilityDiagramSchema.extend({
  /** The mean over the classes with images, of each class's own probability. */
  classwiseEce: number,
})
export type Calibration = z.infer<typeof calibration>

/** Of each version on the compared images. */
const calibrationComparison = z.strictObject({ baseline: calibration, candidate: calibration })
export type CalibrationComparison = z.infer<typeof calibrationComparison>

const counts = z.array(z.array(z.int()))

/** `…[reference][predicted]`, in class order. */
const confusionDelta = z.strictObject({
  classes: z.array(z.string()),
  baseline: counts,
  candidate: counts,
  /** Candidate minus baseline: on the diagonal more is better, beside it less. Each row sums to 0. */
  delta: counts,
})
export type ConfusionDelta = z.infer<typeof confusionDelta>

const gateDecision = z.strictObject({ passes: z.boolean(), reasons: z.array(z.string()) })
export type GateDecision = z.infer<typeof gateDecision>

/** What a candidate must show before it may replace the baseline. */
const gateRules = z.strictObject({
  /** The candidate's accuracy must be at least this. */
  accuracyFloor: z.number(),
  /** How much worse than the baseline the candidate may be, at the lower bound of the difference's interval. */
  nonInferiorityMargin: z.number(),
  /** Finding classes whose sensitivity must keep within the margin too. */
  mustNotMiss: z.array(z.string()),
  /** Fewer images show nothing, */
  minimumImages: z.int(),
  /** nor do fewer images of a must-not-miss class. */
  minimumClassImages: z.int(),
})
export type GateRules = z.infer<typeof gateRules>

const comparisonGate = gateDecision.extend({
  rules: gateRules,
  /** Names the service's own rules, seed and resamples; null where the caller stated rules. */
  rulesVersion: z.string().nullable(),
  /** False of a preview by rules that the caller stated: it decides nothing. */
  decides: z.boolean(),
  /** No reason against promotion, and worth knowing before it. */
  notes: z.array(z.string()),
})
export type ComparisonGate = z.infer<typeof comparisonGate>

/** Everything that is said of two versions on the same images. Differences are candidate minus baseline. */
const versionComparison = z.strictObject({
  n: z.int(),
  classesPresent: z.int(),
  /** Different patients; null where no image names one. */
  patients: z.int().nullable(),
  paired,
  difference: statisticSchema,
  /** Only where some patient has several images: Newcombe's interval, beside it, takes images as independent. */
  differenceByPatient: bootstrapped.optional(),
  mcnemar: mcNemar,
  /** Cohen's kappa between the versions' predicted classes: how far they say the same, right or wrong. */
  versionsKappa: number,
  /** With 80% power, at the observed rate of disagreement; null where none could be found. */
  smallestDetectableDifference: number,
  macroF1Difference: bootstrapped,
  macroAurocDifference: bootstrapped,
  baselineMetrics: versionSummary,
  candidateMetrics: versionSummary,
  findingClasses: z.array(findingClassComparison),
  modalities: z.array(modalityComparison),
  calibration: calibrationComparison,
  confusion: confusionDelta,
  verdict: verdictSchema,
  headline: z.string(),
  reasons: z.array(z.string()),
  gate: gateDecision,
})
export type VersionComparison = z.infer<typeof versionComparison>

export const modelComparisonSchema = versionComparison.extend({
  dataset: z.string(),
  baseline: side,
  candidate: side,
  /** True where only the images of both were compared, because each run has others. */
  intersection: z.boolean(),
  imageSets,
  gate: comparisonGate,
})
export type ModelComparison = z.infer<typeof modelComparisonSchema>

/** What became of an image from the baseline to the candidate. */
export const comparedOutcomeSchema = z.enum(['fixed', 'broken', 'both-wrong', 'both-right'])
export type ComparedOutcome = z.infer<typeof comparedOutcomeSchema>

/** `image`: by image id; `change`: where the reference class gained or lost the most probability first. */
export const comparedSortSchema = z.enum(['image', 'change'])
export type ComparedSort = z.infer<typeof comparedSortSchema>

const versionAnswer = z.strictObject({
  predictedClass: z.string(),
  confidence: z.number(),
  /** In the order of `classes` of the comparison's confusion matrices. */
  probabilities: z.array(z.number()),
})
export type VersionAnswer = z.infer<typeof versionAnswer>

export const comparedImageSchema = z.strictObject({
  imageId: z.int(),
  imageKey: z.string(),
  referenceClass: z.string(),
  patient: z.string().nullable(),
  outcome: comparedOutcomeSchema,
  /** How much more probability the candidate gives to the reference class. */
  change: z.number(),
  baseline: versionAnswer,
  candidate: versionAnswer,
})
export type ComparedImage = z.infer<typeof comparedImageSchema>

const temperedCalibration = calibration.extend({ logLoss: number })
export type TemperedCalibration = z.infer<typeof temperedCalibration>

/** What a run's calibration would be at a temperature that another dataset asks for. Nothing is changed by it. */
export const temperaturePreviewSchema = z.strictObject({
  evaluationRunId: z.uuid(),
  fittedOn: z.strictObject({ evaluationRunId: z.uuid(), n: z.int() }),
  temperature: z.number(),
  /** The best temperature may lie beyond the ones that were tried. */
  atBound: z.boolean(),
  n: z.int(),
  before: temperedCalibration,
  after: temperedCalibration,
})
export type TemperaturePreview = z.infer<typeof temperaturePreviewSchema>
