import { realpath } from 'node:fs/promises'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import type { EvaluateOptions } from './command-line.ts'
import { getComparison, missedBars } from './compare.ts'
import { comparisonTable, type ModelComparison } from './comparison-table.ts'
import { type Environment, findRunningInstance } from './connect.ts'
import { EXIT, NotDone } from './exit-code.ts'
import { followRun, type Run } from './follow-run.ts'
import { metricsTable, type RunMetrics } from './metrics-table.ts'
import { type PrivateInstance, startPrivateInstance } from './private-instance.ts'
import { progressDisplay } from './progress-display.ts'
import { checkInputs, isFolder, resolveDataset, resolveModel } from './register-inputs.ts'
import { oneCall, type ServiceClient } from './service-client.ts'
import type { Terminal } from './terminal.ts'

/** What `--baseline` adds. */
type Compared = { comparison: ModelComparison; passes: boolean; missed: string[] }

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
  if (client === undefined) throw new NotDone('No service is reachable.')
  try {
    terminal.interrupted.throwIfAborted()
    return await evaluateOn(client, options, terminal)
  } finally {
    await own?.stop()
  }
}

async function evaluateOn(
  client: ServiceClient,
  options: EvaluateOptions,
  terminal: Terminal,
): Promise<number> {
  const modelVersionId = await resolveModel(client, options.model)
  const dataset = await resolveDataset(client, options.dataset)
  const { allowUnknownClasses } = options
  const request = { modelVersionId, dataset, allowUnknownClasses }
  const run = await evaluateVersion(client, request, terminal)
  const metrics = await dataOf(
    client.api.GET('/api/evaluation-runs/{id}/metrics', { params: { path: { id: run.id } } }),
  )
  const compared = await compareWithBaseline(client, request, options, terminal)
  return report(run, metrics, compared, options, terminal)
}

/** Starts a run and shows how it goes, until it has succeeded. */
async function evaluateVersion(
  client: ServiceClient,
  request: { modelVersionId: string; dataset: string; allowUnknownClasses: boolean },
  terminal: Terminal,
): Promise<Run> {
  const { id } = await dataOf(
    client.api.POST('/api/evaluation-runs', { params: { header: oneCall() }, body: request }),
  )
  const display = progressDisplay(terminal.err, () => performance.now())
  let run: Run
  try {
    run = await followRun(client, id, { show: display.show, signal: terminal.interrupted })
  } catch (error) {
    if (terminal.interrupted.aborted)
      await client.api
        .POST('/api/evaluation-runs/{id}/cancel', { params: { path: { id } } })
        .catch(() => null)
    throw error
  } finally {
    display.end()
  }
  if (run.status !== 'succeeded')
    throw new NotDone(`The run ${run.id} has ${run.status}${run.reason === null ? '' : `: ${run.reason}`}`)
  return run
}

/** Answers that an evaluation of the baseline on the same images mends; what is known of them is reused. */
const MENDED_BY_EVALUATING = ['NOT_EVALUATED', 'IMAGE_SETS_DIFFER', 'NO_COMMON_IMAGES']

async function compareWithBaseline(
  client: ServiceClient,
  request: { modelVersionId: string; dataset: string; allowUnknownClasses: boolean },
  { baseline, margin }: EvaluateOptions,
  terminal: Terminal,
): Promise<Compared | null> {
  if (baseline === null) return null
  const compared = { baseline, candidate: request.modelVersionId, dataset: request.dataset, margin }
  let comparison: ModelComparison
  try {
    comparison = await getComparison(client, compared)
  } catch (error) {
    if (!(error instanceof ApiFailure) || !MENDED_BY_EVALUATING.includes(error.code)) throw error
    terminal.err.write('Evaluating the baseline on the same images …\n')
    await evaluateVersion(client, { ...request, modelVersionId: baseline }, terminal)
    comparison = await getComparison(client, compared)
  }
  const missed = missedBars(comparison, margin)
  return { comparison, passes: missed.length === 0, missed }
}

function report(
  run: Run,
  metrics: RunMetrics,
  compared: Compared | null,
  options: EvaluateOptions,
  terminal: Terminal,
): number {
  const { minAccuracy } = options
  const { accuracy } = metrics.overall
  const reachesBar = minAccuracy === null || (accuracy !== null && accuracy >= minAccuracy)
  const passes = reachesBar && (compared?.passes ?? true)
  if (options.json) {
    const comparison = compared === null ? {} : { comparison: compared.comparison }
    terminal.out.write(`${JSON.stringify({ run, metrics, minAccuracy, ...comparison, passes }, null, 2)}\n`)
  } else {
    terminal.out.write(metricsTable(run, metrics))
    if (compared !== null) terminal.out.write(`\n${comparisonTable(compared.comparison)}`)
  }
  const found = accuracy ?? 'undefined' // unrounded: 0.84996 is not below a bar of 0.85 as "0.8500"
  if (!reachesBar) terminal.err.write(`The accuracy is ${found}, below the threshold of ${minAccuracy}.\n`)
  for (const reason of compared?.missed ?? []) terminal.err.write(`${reason}\n`)
  return passes ? EXIT.ok : EXIT.barMissed
}
