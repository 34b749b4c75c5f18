/**
 * How a task ended. Only `done` has a value; a crash, a deadline or the memory limit cost the process that ran the
 * task, never the pool. `stage` is where the task was by then.
 */
export type TaskOutcome<Reply> =
  | { kind: 'done'; value: Reply }
  | { kind: 'failed'; message: string }
  | { kind: 'timeout'; stage: string }
  | { kind: 'memory'; stage: string }
  | { kind: 'crash'; stage: string; detail: string }
  | { kind: 'cancelled' }
