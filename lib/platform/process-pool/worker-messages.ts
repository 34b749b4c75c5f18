/** What a pool's child process says to its parent. */
export type WorkerMessage<Reply> =
  | { type: 'ready' }
  | { type: 'stage'; stage: string }
  | { type: 'done'; value: Reply }
  | { type: 'failed'; message: string }

/** What the parent says to it. The bytes follow through a pipe of their own, as they are: images need no copies. */
export type TaskMessage<Task> = { task: Task; payloadBytes: number }

/** The child's end of that pipe, beside stdin, stdout, stderr and the channel of messages. */
export const PAYLOAD_DESCRIPTOR = 4

/** The child's one command line argument, as JSON. `settings` are its script's own. */
export type WorkerArgument = { memoryLimitBytes: number; settings: unknown }
