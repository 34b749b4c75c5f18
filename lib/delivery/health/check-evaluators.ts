import { askReady, isFault } from '#lib/model/evaluator/evaluator-client.ts'
import type { EvaluatorAddress } from '#lib/model/evaluator/evaluator-request.ts'
import type { DependencyHealth } from './schema.ts'

/** One evaluator that is ready is enough to go on. */
export async function checkEvaluators(
  addresses: readonly EvaluatorAddress[],
  signal: AbortSignal,
): Promise<DependencyHealth> {
  if (addresses.length === 0)
    return { status: 'down', detail: 'none is configured: set EVALUATOR_URLS and EVALUATOR_TOKEN' }
  const replies = await Promise.all(addresses.map((address) => askReady(address, signal)))
  const ready = replies.flatMap((reply) => (isFault(reply) ? [] : [reply]))
  if (ready.length === 0) return { status: 'down', detail: 'does not answer; runs wait until it is back' }
  const providers = [...new Set(ready.map((reply) => reply.provider ?? 'not chosen yet'))].join(', ')
  const counted = `${ready.length} of ${addresses.length} ready, provider ${providers}`
  const warnings = new Set(ready.flatMap(({ warning }) => warning ?? []))
  return { status: 'ok', detail: [counted, ...[...warnings].map((warning) => `one ${warning}`)].join('; ') }
}
