import { expect } from 'vitest'
import { comparison } from './comparison-values.ts'
import { golden } from './reference-values.ts'

type Reply = { status: number; body: unknown; text: string }
/** The REST API, over HTTP or in the same process. */
export type Api = {
  get: (path: string) => Promise<Reply>
  post: (path: string, body: unknown) => Promise<Reply>
}

const CLASSES = golden.expected.confusion[0].map((_, k) => `class-${k}`)
const TOLERANCE = 1e-9

/** Every number of `expected`, wherever it stands, is in `actual` within the tolerance. */
function expectNumbers(actual: unknown, expected: unknown, path = ''): void {
  if (typeof expected === 'number') {
    expect(actual, path).toBeTypeOf('number')
    const difference = Math.abs((actual as number) - expected)
    expect(difference, `${path}: ${actual} ≠ ${expected}`).toBeLessThan(TOLERANCE)
  } else if (typeof expected === 'object' && expected !== null) {
    for (const [key, value] of Object.entries(expected))
      expectNumbers((actual as Record<string, unknown>)[key], value, `${path}.${key}`)
  } else expect(actual, path).toEqual(expected)
}

async function load(
  api: Api,
  name: string,
  probabilities: number[][],
): Promise<{ modelVersionId: string; evaluationRunId: string }> {
  const { status, body, text } = await api.post('/api/prediction-sets', {
    modelVersion: { name, findingClasses: CLASSES },
    dataset: 'golden_9class',
    predictions: golden.y.map((reference, i) => ({
      imageKey: `class-${reference}/${i}.png`,
      referenceClass: `class-${reference}`,
      probabilities: probabilities[i],
    })),
  })
  expect(status, text).toBe(201)
  return body as { modelVersionId: string; evaluationRunId: string }
}

/** Loads the nine-class fixture as two versions, and expects all of its numbers of the metrics and the comparison. */
export async function expectGoldenComparison(api: Api): Promise<{ baseline: string; candidate: string }> {
  const versions = [await load(api, 'golden', golden.P1), await load(api, 'golden', golden.P2)] as const
  for (const [m, { evaluationRunId }] of versions.entries())
    await expectMetrics(api, evaluationRunId, m as 0 | 1)

  const [baseline, candidate] = versions.map(({ modelVersionId }) => modelVersionId) as [string, string]
  const query = `baseline=${baseline}&candidate=${candidate}&dataset=golden_9class`
  const { status, body, text } = await api.get(`/api/model-comparisons?${query}`)
  expect(status, text).toBe(200)
  const { expected } = golden
  const row = comparison.golden
  const interval = ([low, high]: readonly [number, number]) => ({ low, high })
  const side = (m: 0 | 1) => ({
    accuracy: { value: expected.acc[m], ...interval(expected.wilson[m]), n: 270 },
    accuracyExact: { value: expected.acc[m], ...interval(expected.clopper_pearson[m]), n: 270 },
    macroF1: expected.macro_f1[m],
    macroAuroc: expected.auroc_ovr_macro[m],
  })
  expectNumbers(body, {
    n: 270,
    classesPresent: 9,
    verdict: 'better',
    paired: row.counts,
    difference: { value: row.difference, ...interval(row.newcombe), n: 270 },
    mcnemar: { exactP: expected.mcnemar.exact_p, midP: expected.mcnemar.midp },
    versionsKappa: expected.kappa_models,
    smallestDetectableDifference: row.smallestDetectableDifference,
    macroF1Difference: { value: expected.macro_f1[1] - expected.macro_f1[0], resamples: 1000, seed: 1 },
    macroAurocDifference: { value: expected.auroc_ovr_macro[1] - expected.auroc_ovr_macro[0] },
    baselineMetrics: side(0),
    candidateMetrics: side(1),
    calibration: {
      baseline: { binCount: 15, ece: expected.ece15[0], classwiseEce: expected.classwise_ece15[0] },
      candidate: { binCount: 15, ece: expected.ece15[1], classwiseEce: expected.classwise_ece15[1] },
    },
    modalities: [
      {
        modality: 'chest-xray',
        n: 270,
        paired: row.counts,
        difference: { value: row.difference, ...interval(row.newcombe), n: 270 },
        crossModalityPredictions: { baseline: 0, candidate: 0 },
      },
    ],
    confusion: {
      classes: CLASSES,
      baseline: expected.confusion[0],
      candidate: expected.confusion[1],
      delta: row.confusionDelta,
    },
    findingClasses: row.findingClasses.map((each, k) => ({
      findingClass: CLASSES[k],
      n: each.n,
      paired: each.counts,
      difference: { value: each.difference, ...interval(each.newcombe), n: each.n },
      p: each.p,
      holmP: each.holmP,
    })),
  })
  return { baseline, candidate }
}

async function expectMetrics(api: Api, evaluationRunId: string, m: 0 | 1): Promise<void> {
  const { status, body, text } = await api.get(`/api/evaluation-runs/${evaluationRunId}/metrics`)
  expect(status, text).toBe(200)
  const { expected } = golden
  expectNumbers(body, {
    n: 270,
    errors: 0,
    excluded: 0,
    overall: {
      accuracy: expected.acc[m],
      balancedAccuracy: expected.balanced_acc[m],
      macroF1: expected.macro_f1[m],
      macroAuroc: expected.auroc_ovr_macro[m],
      weightedAuroc: expected.auroc_ovr_weighted[m],
      mcc: expected.mcc[m],
      cohenKappa: expected.kappa_truth[m],
      ece: expected.ece15[m],
      classwiseEce: expected.classwise_ece15[m],
      logLoss: expected.logloss[m],
      brier: expected.brier_sum[m],
    },
    intervals: { accuracy: { low: expected.wilson[m][0], high: expected.wilson[m][1] } },
    confusion: { classes: CLASSES, counts: expected.confusion[m] },
    findingClasses: expected.auroc_per_class[m].map((auroc) => ({ auroc })),
  })
}
