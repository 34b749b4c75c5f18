import { setTimeout as sleep } from 'node:timers/promises'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import type { ApiReply } from '#lib/delivery/client/api-paths.ts'
import { counted } from '#lib/vocabulary/counted.ts'
import type { ServiceClient } from './service-client.ts'

/** A run, as the service shows it. */
export type Run = ApiReply<'/api/evaluation-runs/{id}', 'get'>

const POLL_MS = 500

/** Looks after a run until it has ended. */
export async function followRun(
  client: ServiceClient,
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
async function getPatiently(client: ServiceClient, id: string, signal: AbortSignal): Promise<Run> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await dataOf(client.api.GET('/api/evaluation-runs/{id}', { params: { path: { id } } }))
    } catch (error) {
      const passes = !(error instanceof ApiFailure) || error.status === 0 || error.status >= 500
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
