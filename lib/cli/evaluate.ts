import { realpath } from 'node:fs/promises'
import type { RunMetrics } from '#lib/evaluation-run/compute-metrics.ts'
import type { ApiClient } from './api-client.ts'
import type { EvaluateOptions } from './command-line.ts'
import { type Environment, findRunningInstance } from './connect.ts'
import { EXIT, NotDone } from './exit-code.ts'
import { followRun, type Run } from './follow-run.ts'
import { metricsTable } from './metrics-table.ts'
import { type PrivateInstance, startPrivateInstance } from './private-instance.ts'
import { progressDisplay } from './progress-display.ts'
import { checkInputs, isFolder, resolveDataset, resolveModel } from './register-inputs.ts'

export type Terminal = {
  out: NodeJS.WriteStream
  err: NodeJS.WriteStream
  /** Aborts on Ctrl-C. */
  interrupted: AbortSignal
}

/** Evaluates, prints, and returns the exit code. */
export async function evaluateCommand(
  options: EvaluateOptions,
  environment: Environment,
  dataDir: string,
  terminal: Terminal,
): Promise<number> {
  checkInputs(options)
  const running = await findRunningInstance(environment, dataDir)
  const own: PrivateInstance | null =
    running === null
      ? await startPrivateInstance(environment, {
          dataDir,
          datasetRoots: isFolder(options.dataset) ? [await realpath(options.dataset)] : [],
          needsOldData: !isFolder(options.dataset) || !isFolder(options.model),
          say: (line) => void terminal.err.write(`${line}\n`),
          signal: terminal.interrupted,
        })
      : null
  const client = running ?? own?.client
  if (client === undefined) throw new NotDone('There is no service to ask.')
  try {
    terminal.interrupted.throwIfAborted()
    return await evaluateOn(client, options, terminal)
  } finally {
    await own?.stop()
  }
}

async function evaluateOn(client: ApiClient, options: EvaluateOptions, terminal: Terminal): Promise<number> {
  const modelVersionId = await resolveModel(client, options.model)
  const dataset = await resolveDataset(client, options.dataset)
  const { allowUnknownClasses } = options
  const request = { modelVersionId, dataset, allowUnknownClasses }
  const { id } = await client.post<{ id: string }>('/api/evaluation-runs', request)
  const display = progressDisplay(terminal.err, () => performance.now())
  let run: Run
  try {
    run = await followRun(client, id, { show: display.show, signal: terminal.interrupted })
  } catch (error) {
    if (terminal.interrupted.aborted) await client.call(`/api/evaluation-runs/${id}/cancel`).catch(() => null)
    throw error
  } finally {
    display.end()
  }
  if (run.status !== 'succeeded')
    throw new NotDone(`The run ${run.id} has ${run.status}${run.reason === null ? '' : `: ${run.reason}`}`)
  const metrics = await client.get<RunMetrics>(`/api/evaluation-runs/${id}/metrics`)
  return report(run, metrics, options, terminal)
}

function report(run: Run, metrics: RunMetrics, options: EvaluateOptions, terminal: Terminal): number {
  const { minAccuracy } = options
  const { accuracy } = metrics.overall
  const passes = minAccuracy === null || (accuracy !== null && accuracy >= minAccuracy)
  if (options.json) terminal.out.write(`${JSON.stringify({ run, metrics, minAccuracy, passes }, null, 2)}\n`)
  else terminal.out.write(metricsTable(run, metrics))
  if (passes) return EXIT.ok
  const found = accuracy ?? 'undefined' // unrounded: 0.84996 is not below a bar of 0.85 as "0.8500"
  terminal.err.write(`The accuracy is ${found}, below the bar of ${minAccuracy}.\n`)
  return EXIT.barMissed
}
