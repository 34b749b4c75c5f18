/** On `globalThis`, because bundles may load this module more than once. */
const holder = globalThis as { secondReaderTurns?: Map<string, Promise<unknown>> }

/** Does `work` when nothing else of this process that was started under the same key is under way. */
export async function takeTurns<T>(key: string, work: () => Promise<T>): Promise<T> {
  holder.secondReaderTurns ??= new Map()
  const turns = holder.secondReaderTurns
  const before = turns.get(key) ?? Promise.resolve()
  const mine = before.then(work, work)
  turns.set(key, mine)
  try {
    return await mine
  } finally {
    if (turns.get(key) === mine) turns.delete(key)
  }
}
