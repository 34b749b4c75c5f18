import type { RunItem } from '#lib/model/evaluation-run/manifest.ts'

/** Items of one request. */
export type Chunk = {
  items: RunItem[]
  /** Times in a row that the evaluator ended at work on these items without one line. */
  attemptsWithoutAnswer: number
}

/** A lost stream costs at most the images in the evaluator's hands; more would only delay the other runs. */
export const MAX_CHUNK_ITEMS = 256
/** Of images that travel in the request; base64 makes 32 MB of it, half of what the evaluator takes. */
const MAX_CHUNK_BYTES = 24_000_000
/** One image alone may be larger, as far as the evaluator takes the request at all. */
export const MAX_SENT_IMAGE_BYTES = 44_000_000
/** An image on which the evaluator ended this often, alone in its request, is the cause. */
const FATAL_COUNT = 2

/** Splits items into chunks within both limits; only bytes that travel count. */
export function chunksOf(items: readonly RunItem[], maxItems: number): Chunk[] {
  const chunks: Chunk[] = []
  let current: RunItem[] = []
  let bytes = 0
  for (const item of items) {
    const itemBytes = item.sendBytes ? item.sizeBytes : 0
    if (current.length > 0 && (current.length >= maxItems || bytes + itemBytes > MAX_CHUNK_BYTES)) {
      chunks.push({ items: current, attemptsWithoutAnswer: 0 })
      current = []
      bytes = 0
    }
    current.push(item)
    bytes += itemBytes
  }
  if (current.length > 0) chunks.push({ items: current, attemptsWithoutAnswer: 0 })
  return chunks
}

/**
 * What to do with the items of a broken request. Repeated whole while it brings lines; halved when it does not, so
 * that an image that kills the evaluator ends up alone and is given up, and its neighbours are not.
 */
export function afterBreak(
  chunk: Chunk,
  unanswered: readonly RunItem[],
): { again: Chunk[]; givenUp: RunItem[] } {
  if (unanswered.length === 0) return { again: [], givenUp: [] }
  const items = [...unanswered]
  if (unanswered.length < chunk.items.length)
    return { again: [{ items, attemptsWithoutAnswer: 0 }], givenUp: [] }
  const attemptsWithoutAnswer = chunk.attemptsWithoutAnswer + 1
  if (attemptsWithoutAnswer < FATAL_COUNT) return { again: [{ items, attemptsWithoutAnswer }], givenUp: [] }
  if (items.length === 1) return { again: [], givenUp: items }
  const middle = Math.ceil(items.length / 2)
  // A half has failed once already; a single image gets both of its chances alone.
  const halfCount = middle === 1 ? 0 : 1
  return {
    again: [
      { items: items.slice(0, middle), attemptsWithoutAnswer: halfCount },
      { items: items.slice(middle), attemptsWithoutAnswer: halfCount },
    ],
    givenUp: [],
  }
}

/** A suspect is asked for while nothing else is in the evaluator's hands, so that no other image is to blame. */
export function isSuspect(chunk: Chunk): boolean {
  return chunk.attemptsWithoutAnswer > 0
}
