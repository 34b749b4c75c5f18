import PQueue from 'p-queue'

/** On `globalThis`, because bundles may load this module more than once. */
const holder = globalThis as { secondReaderTurns?: Map<string, PQueue> }

/** Does `work` when nothing else of this process that was started under the same key is under way. */
export async function takeTurns<T>(key: string, work: () => Promise<T>): Promise<T> {
  holder.secondReaderTurns ??= new Map()
  const queues = holder.secondReaderTurns
  const queue = queues.get(key) ?? new PQueue({ concurrency: 1 })
  if (!queues.has(key)) queue.addEventListener('idle', () => queues.delete(key), { once: true })
  queues.set(key, queue)
  return (await queue.add(work)) as T
}
