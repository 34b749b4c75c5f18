import { expect, it } from 'vitest'
import { accuracyPoints } from './accuracy-points.ts'

const evaluation = (dataset: string, value: number) => ({
  evaluationRunId: dataset,
  modelVersionId: 'x',
  dataset,
  snapshotId: 's',
  finishedAt: new Date(0),
  n: 100,
  errors: 0,
  accuracy: { value, low: value, high: value, n: 100, method: 'Wilson 95% CI' },
  macroAuroc: { value: null, low: null, high: null, n: 100, method: '' },
})

function version(label: string, evaluations: ReturnType<typeof evaluation>[]) {
  const finalEvaluation = evaluations.find(({ dataset }) => dataset === 'final_eval') ?? null
  return { id: label, label, latestEvaluations: evaluations, finalEvaluation }
}

it('versions are compared on final_eval, the oldest at the left', () => {
  const points = accuracyPoints([
    version('v3', [evaluation('production', 0.5)]),
    version('v2', [evaluation('production', 0.6), evaluation('final_eval', 0.9)]),
    version('v1', [evaluation('final_eval', 0.8)]),
  ])
  expect(points.map(({ label, accuracy }) => [label, accuracy.value])).toEqual([
    ['v1', 0.8],
    ['v2', 0.9],
  ])
})

it('without final_eval they are compared on the dataset that most were evaluated on, never on two', () => {
  const points = accuracyPoints([
    version('v3', [evaluation('b', 0.5)]),
    version('v2', [evaluation('a', 0.6), evaluation('b', 0.9)]),
    version('v1', [evaluation('a', 0.7), evaluation('b', 0.4)]),
  ])
  expect(points.map(({ dataset }) => dataset)).toEqual(['b', 'b', 'b'])
})

it('nothing is drawn of versions that were not evaluated', () => {
  expect(accuracyPoints([version('v1', [])])).toEqual([])
})
