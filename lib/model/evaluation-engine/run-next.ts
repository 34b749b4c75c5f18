import { claimNextRun } from './claim-next-run.ts'
import type { EvaluationDependencies } from './dependencies.ts'
import { executeRun } from './execute-run.ts'
import { taskContext } from './task-context.ts'

/**
 * The body of the evaluation loop: claims one run and works on it until it has ended. False when none waits. Several
 * may be at work in one process: a short run need not wait for a long one.
 */
export async function evaluateNextRun(
  dependencies: EvaluationDependencies,
  stop: AbortSignal,
): Promise<boolean> {
  const claim = await claimNextRun(taskContext(dependencies), dependencies.owner)
  if (claim.kind === 'none') return false
  if (claim.kind === 'claimed') await executeRun(dependencies, claim.run, stop)
  return true
}
