import { setTimeout as sleep } from 'node:timers/promises'
import type { LeftOut } from '#lib/data/snapshot/left-out.ts'
import { counted } from '#lib/vocabulary/counted.ts'
import type { ApiClient } from './api-client.ts'
import { ApiFault } from './api-client.ts'

/** What this command uses of the reply of `GET /api/evaluation-runs/{id}`. */
export type Run = {
  id: string
  status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'
  dataset: string
  modelVersion: { name: string; number: number }
  progress: { done: number; errors: number; total: number }
  reused: number | null
  excluded: number
  /** A service of an earlier release does not say. */
  leftOut?: LeftOut
  provider: string | null
  reason: string | null
  reasonCode: string | null
  scan: { status: string; listed: number; hashed: number }
}

const POLL_MS = 500

/** Looks after a run until it has ended. */
export async function followRun(
  client: ApiClient,
  id: string,
  options: { show: (run: Run) => void; signal: AbortSignal },
): Promise<Run> {
  for (;;) {
    const run = await getPatiently(client, id, options.signal)
    options.show(run)
    if (run.status !== 'queued' && run.status !== 'running') return run
    await sleep(POLL_MS, undefined, { signal: options.signal })
  }
}

/** A service that is restarted answers again in a moment, and the run goes on. */
async function getPatiently(client: ApiClient, id: string, signal: AbortSignal): Promise<Run> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.get<Run>(`/api/evaluation-runs/${id}`)
    } catch (error) {
      const passes = !(error instanceof ApiFault) || error.status >= 500
      if (!passes || attempt === 60) throw error
      await sleep(1000, undefined, { signal })
    }
  }
}

/** One line on what the run does now. */
export function describeRun(run: Run): string {
  const { done, errors, total } = run.progress
  if (run.scan.status === 'scanning')
    return `scanning: ${run.scan.hashed} of ${counted(run.scan.listed, 'file')} read`
  if (run.status === 'queued') return 'waiting for its turn'
  if (run.status === 'running' && run.reason !== null) return run.reason
  const failed = errors > 0 ? `, ${errors} without prediction` : ''
  return `${done} of ${counted(total, 'image')}${failed}`
}
