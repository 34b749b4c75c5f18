import type { RunOptions } from './process-pool.ts'
import type { TaskOutcome } from './task-outcome.ts'

type Run<Task, Reply> = (task: Task, options: RunOptions) => Promise<TaskOutcome<Reply>>

/**
 * Runs a task, and once more in a fresh child where the first end may have been the doing of the child or of the
 * machine: it crashed or had no memory left. `mayPass` names further ends that a second try may turn into an answer.
 */
export async function runWithSecondTry<Task, Reply>(
  run: Run<Task, Reply>,
  task: Task,
  options: RunOptions,
  mayPass: (outcome: TaskOutcome<Reply>) => boolean = () => false,
): Promise<TaskOutcome<Reply>> {
  const first = await run(task, options)
  const again = first.kind === 'crash' || first.kind === 'memory' || mayPass(first)
  return again ? await run(task, { ...options, inFreshChild: true }) : first
}
