export type MetricName =
  | 'accuracy'
  | 'balancedAccuracy'
  | 'macroF1'
  | 'macroAuroc'
  | 'mcc'
  | 'ece'
  | 'logLoss'
  | 'brier'

export type MetricMeaning = {
  title: string
  /** One or two sentences for somebody who has never met the number. */
  meaning: string
  formula: string
  range: string
  /** Percent where the number is a share; else plain. */
  unit: 'ratio' | 'number'
  lowerIsBetter?: boolean
}

/** The headline numbers in the order of the page; formulas as in docs/metrics.md. */
export const METRIC_MEANINGS: Readonly<Record<MetricName, MetricMeaning>> = {
  accuracy: {
    title: 'Accuracy',
    meaning: 'The share of images whose predicted class is the reference class. Frequent classes weigh more.',
    formula: 'right images / images with a prediction',
    range: '0–100 %',
    unit: 'ratio',
  },
  balancedAccuracy: {
    title: 'Balanced accuracy',
    meaning: 'The mean sensitivity of the classes: every class weighs the same, however few images it has.',
    formula: 'mean over classes of right images of the class / images of the class',
    range: '0–100 %',
    unit: 'ratio',
  },
  macroF1: {
    title: 'Macro F1',
    meaning:
      'For each class the balance of finding its images and of not calling others so; then the mean over the classes.',
    formula: 'mean over classes of 2 TP / (2 TP + FP + FN)',
    range: '0–100 %',
    unit: 'ratio',
  },
  macroAuroc: {
    title: 'Macro AUROC',
    meaning:
      'How often an image of a class gets a higher probability for it than an image of another class; mean over the classes. 50 % is guessing.',
    formula: 'mean over classes of the area under its ROC curve, one class against the rest',
    range: '0–100 %',
    unit: 'ratio',
  },
  mcc: {
    title: 'MCC',
    meaning:
      'Matthews correlation: how far references and predictions go together. 0 is guessing, 1 is perfect; rare classes cannot be ignored without losing points.',
    formula: '(c n − Σ tₖ pₖ) / √((n² − Σ pₖ²)(n² − Σ tₖ²))',
    range: '−1 to 1',
    unit: 'number',
  },
  ece: {
    title: 'Calibration error (ECE)',
    meaning:
      'How far the model’s confidence is from how often it is right, on average. At 0 % its probabilities can be taken at their word.',
    formula: 'Σ over 15 bins of share of images · |accuracy − mean confidence|',
    range: '0–100 %',
    unit: 'ratio',
    lowerIsBetter: true,
  },
  logLoss: {
    title: 'Log loss',
    meaning:
      'The surprise at the reference class: small where it had a high probability, large where the model was sure of something else.',
    formula: 'mean of −ln p(reference class), in nats',
    range: '0–36.04',
    unit: 'number',
    lowerIsBetter: true,
  },
  brier: {
    title: 'Brier score',
    meaning:
      'The squared distance of all probabilities from the truth. Rewards being right and being honest about doubt.',
    formula: 'mean of Σ over classes of (probability − 1 for the reference class, else 0)²',
    range: '0–2',
    unit: 'number',
    lowerIsBetter: true,
  },
}

export const METRIC_NAMES = Object.keys(METRIC_MEANINGS) as MetricName[]

/** Where the page explains the number at length. */
export const meaningId = (name: MetricName) => `meaning-${name}`
