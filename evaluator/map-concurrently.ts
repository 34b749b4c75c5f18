/**
 * Results in the order in which they finish, with at most `limit` items under way. Nothing is started while the
 * consumer does not ask, so a slow reader slows the work down; what has been started is let finish.
 * `work` must not reject. Not by `p-map`, which gives results in the order of the items: a slow one would hold up others.
 */
export async function* mapConcurrently<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
  signal: AbortSignal,
): AsyncGenerator<Result> {
  const underWay = new Map<number, Promise<{ index: number; result: Result }>>()
  let next = 0
  for (;;) {
    while (underWay.size < limit && next < items.length && !signal.aborted) {
      const index = next++
      underWay.set(
        index,
        work(items[index] as Item).then((result) => ({ index, result })),
      )
    }
    if (underWay.size === 0) return
    const { index, result } = await Promise.race(underWay.values())
    underWay.delete(index)
    yield result
  }
}
