import { setTimeout as sleep } from 'node:timers/promises'
import { backOffMs } from '#lib/model/evaluator/back-off.ts'
import { askReady, isFault } from '#lib/model/evaluator/evaluator-client.ts'
import type { ExecutionProvider } from '#lib/model/evaluator/evaluator-contract.ts'
import type { ClaimedRun } from './claimed-run.ts'
import type { EvaluationDependencies } from './dependencies.ts'
import { noticeEvaluator } from './notice.ts'

/** The provider of the first evaluator that is ready, in the order of `EVALUATOR_URLS`; waits until one is. */
export async function chooseProvider(
  dependencies: Pick<EvaluationDependencies, 'db' | 'evaluators' | 'logger' | 'now' | 'random'>,
  run: Pick<ClaimedRun, 'id' | 'epoch' | 'signal'>,
): Promise<ExecutionProvider> {
  const { evaluators, random } = dependencies
  const { signal } = run
  for (let failures = 1; ; failures++) {
    signal.throwIfAborted()
    const replies = await Promise.all(evaluators.map((address) => askReady(address, signal)))
    const ready = replies.find((reply) => !isFault(reply) && reply.provider !== null)
    if (ready !== undefined && !isFault(ready) && ready.provider !== null) {
      if (failures > 1) await noticeEvaluator(dependencies, run, null)
      return ready.provider
    }
    if (failures === 1)
      await noticeEvaluator(dependencies, run, replies[0]?.detail ?? 'EVALUATOR_URLS names none.')
    await sleep(backOffMs(failures, random()), undefined, { signal })
  }
}
