/** What a pool's child process says to its parent. */
export type WorkerMessage<Reply> =
  | { type: 'ready' }
  | { type: 'stage'; stage: string }
  | { type: 'done'; value: Reply }
  | { type: 'failed'; message: string }

/** The child's one command line argument, as JSON. `settings` are its script's own. */
export type WorkerArgument = { memoryLimitBytes: number; settings: unknown }

/** Written to stderr by a child that ends itself; the parent tells a memory limit from a crash by it. */
export const MEMORY_LIMIT_NOTICE = 'worker: memory limit reached'
