import { existsSync, writeFileSync } from 'node:fs'
import { readWorkerSettings, serveTasks } from '#lib/platform/process-pool/serve-tasks.ts'

/** A worker of a process pool that misbehaves on request. */
export type PoolTask =
  | { do: 'echo' }
  | { do: 'pid' }
  | { do: 'throw' }
  | { do: 'abort' }
  | { do: 'hang'; stage?: string }
  | { do: 'grow' }
  /** Address space that nothing is written to. */
  | { do: 'reserve'; bytes: number }
  /** Memory that is forgotten at once. */
  | { do: 'fill'; bytes: number }
export type PoolReply = Uint8Array | number

/** The first child to find no file there makes it, and is never ready. */
const { hangUnless } = readWorkerSettings<{ hangUnless?: string }>()
if (hangUnless !== undefined && !existsSync(hangUnless)) {
  writeFileSync(hangUnless, '')
  for (;;);
}

serveTasks<PoolTask, PoolReply>(async (task, payload, enterStage) => {
  switch (task.do) {
    case 'echo':
      return payload
    case 'pid':
      return process.pid
    case 'throw':
      throw new Error('the task is impossible')
    case 'abort':
      return process.abort()
    case 'hang':
      if (task.stage !== undefined) await enterStage(task.stage)
      for (;;);
    case 'reserve':
      return new ArrayBuffer(task.bytes).byteLength
    case 'fill':
      return new Uint8Array(task.bytes).fill(1).length
    case 'grow': {
      const held: Buffer[] = []
      for (;;) held.push(Buffer.alloc(16 * 2 ** 20, 1))
    }
  }
})
