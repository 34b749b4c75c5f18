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
  /** One or two sentences for a reader who does not know the metric. */
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
    meaning: 'Share of images whose predicted class is the reference class. Frequent classes weigh more.',
    formula: 'correct images / images with a prediction',
    range: '0–100%',
    unit: 'ratio',
  },
  balancedAccuracy: {
    title: 'Balanced accuracy',
    meaning: 'Mean sensitivity of the classes: every class weighs the same.',
    formula: 'mean over classes of correct images of the class / images of the class',
    range: '0–100%',
    unit: 'ratio',
  },
  macroF1: {
    title: 'Macro F1',
    meaning: 'Harmonic mean of sensitivity and PPV per class, averaged over the classes.',
    formula: 'mean over classes of 2 TP / (2 TP + FP + FN)',
    range: '0–100%',
    unit: 'ratio',
  },
  macroAuroc: {
    title: 'Macro AUROC',
    meaning:
      'How often an image of a class gets a higher probability for it than an image of another class, averaged over the classes. 50% is chance.',
    formula: 'mean over classes of the area under its ROC curve, one class against the rest',
    range: '0–100%',
    unit: 'ratio',
  },
  mcc: {
    title: 'MCC',
    meaning:
      'Matthews correlation between reference and predicted classes. 0 is chance, 1 is perfect; rare classes count.',
    formula: '(c n − Σ tₖ pₖ) / √((n² − Σ pₖ²)(n² − Σ tₖ²))',
    range: '−1 to 1',
    unit: 'number',
  },
  ece: {
    title: 'Calibration error (ECE)',
    meaning: 'Average gap between confidence and observed accuracy; 0% is perfectly calibrated.',
    formula: 'Σ over 15 bins of share of images · |accuracy − mean confidence|',
    range: '0–100%',
    unit: 'ratio',
    lowerIsBetter: true,
  },
  logLoss: {
    title: 'Log loss',
    meaning:
      'Penalises a low probability of the reference class; most where the model was confident and incorrect.',
    formula: 'mean of −ln p(reference class), in nats',
    range: '0–36.04',
    unit: 'number',
    lowerIsBetter: true,
  },
  brier: {
    title: 'Brier score',
    meaning:
      'Squared distance of all probabilities from the reference. Rewards correct and well-calibrated predictions.',
    formula: 'mean of Σ over classes of (probability − 1 for the reference class, else 0)²',
    range: '0–2',
    unit: 'number',
    lowerIsBetter: true,
  },
}

export const METRIC_NAMES = Object.keys(METRIC_MEANINGS) as MetricName[]

/** Where the page explains the number at length. */
export const meaningId = (name: MetricName) => `meaning-${name}`
