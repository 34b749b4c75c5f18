import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'vitest'
import { expectClose } from './expect-close.ts'
import { getMetrics, serviceApi } from './service-api.ts'
import { PYTHON } from './test-models.ts'

type Service = { url: string; apiKey: string }

/** The predictions of a run as `GET /api/evaluation-runs/{id}/predictions` exports them. */
export async function exportPredictions(service: Service, runId: string): Promise<string> {
  const reply = await fetch(`${service.url}/api/evaluation-runs/${runId}/predictions`, {
    headers: { Authorization: `Bearer ${service.apiKey}`, Accept: 'text/csv' },
  })
  expect(reply.status).toBe(200)
  return await reply.text()
}

/** Every number of a run that scikit-learn and statsmodels have too is theirs, from its exported predictions. */
export async function expectMetricsOfScikitLearn(
  service: Service,
  runId: string,
  findingClasses: readonly string[],
): Promise<{ n: number }> {
  const csv = await exportPredictions(service, runId)
  const { confusion, intervals, ...plain } = askPython('scikit_learn_metrics.py', findingClasses, [csv])
  const metrics = await getMetrics(serviceApi(service), runId)
  expectClose(metrics, plain)
  expectClose(metrics.confusion.counts, confusion)
  const { low, high } = metrics.intervals.accuracy
  expectClose([low, high], intervals.accuracy)
  for (const [name, interval] of Object.entries(intervals.findingClasses)) {
    const given = metrics.intervals.findingClasses[name]?.accuracy
    expectClose([given?.low, given?.high], interval, name)
  }
  return plain
}

/** A comparison as `GET /api/model-comparisons` gives it, by scikit-learn, statsmodels and SciPy, from two exports. */
export function compareByScikitLearn(findingClasses: readonly string[], baseline: string, candidate: string) {
  return askPython('scikit_learn_comparison.py', findingClasses, [baseline, candidate])
}

function askPython(script: string, findingClasses: readonly string[], tables: readonly string[]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'sr-python-'))
  try {
    const files = tables.map((text, at) => {
      const file = path.join(folder, `${at}.csv`)
      writeFileSync(file, text)
      return file
    })
    const output = execFileSync(PYTHON, [path.join(import.meta.dirname, script), ...files], {
      input: JSON.stringify(findingClasses),
      encoding: 'utf8',
    })
    return JSON.parse(output)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
