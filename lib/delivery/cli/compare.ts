import { dataOf } from '#lib/delivery/client/api-client.ts'
import type { CompareOptions } from './command-line.ts'
import { comparisonTable, type ModelComparison } from './comparison-table.ts'
import { type Environment, findRunningInstance } from './connect.ts'
import { EXIT, NotDone } from './exit-code.ts'
import { startPrivateInstance } from './private-instance.ts'
import type { ServiceClient } from './service-client.ts'
import type { Terminal } from './terminal.ts'

/** Compares, prints, and returns the exit code. */
export async function compareCommand(
  options: CompareOptions,
  environment: Environment,
  dataDir: string,
  terminal: Terminal,
): Promise<number> {
  const running = await findRunningInstance(environment, dataDir)
  const own =
    running === null
      ? await startPrivateInstance(environment, {
          dataDir,
          datasetRoots: [],
          needsOldData: true,
          say: (line) => void terminal.err.write(`${line}\n`),
          signal: terminal.interrupted,
        })
      : null
  const client = running ?? own?.client
  if (client === undefined) throw new NotDone('No service is reachable.')
  try {
    terminal.interrupted.throwIfAborted()
    const comparison = await getComparison(client, options)
    const missed = missedBars(comparison, options.margin)
    const passes = missed.length === 0
    if (options.json) terminal.out.write(`${JSON.stringify({ comparison, passes }, null, 2)}\n`)
    else terminal.out.write(comparisonTable(comparison))
    for (const reason of missed) terminal.err.write(`${reason}\n`)
    return passes ? EXIT.ok : EXIT.barMissed
  } finally {
    await own?.stop()
  }
}

/** The comparison, judged by the stated margin alone: other bars are options of their own. */
export function getComparison(
  { api }: ServiceClient,
  options: Pick<CompareOptions, 'baseline' | 'candidate' | 'dataset' | 'margin'> &
    Partial<Pick<CompareOptions, 'intersection' | 'mustNotMiss'>>,
): Promise<ModelComparison> {
  const { baseline, candidate, dataset, margin, mustNotMiss = [] } = options
  const query = {
    baseline,
    candidate,
    dataset,
    intersection: options.intersection ? ('true' as const) : ('false' as const),
    accuracyFloor: 0,
    minimumImages: 0,
    minimumClassImages: 0,
    ...(margin === null ? {} : { nonInferiorityMargin: margin }),
    ...(mustNotMiss.length === 0 ? {} : { mustNotMiss }),
  }
  return dataOf(api.GET('/api/model-comparisons', { params: { query } }))
}

/** Why the candidate does not pass: it is worse, or not shown to keep within the margin. */
export function missedBars({ verdict, headline, gate }: ModelComparison, margin: number | null): string[] {
  return [...(verdict === 'worse' ? [headline] : []), ...(margin === null ? [] : gate.reasons)]
}
