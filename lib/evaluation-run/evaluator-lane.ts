import { setTimeout as sleep } from 'node:timers/promises'
import type { EvaluationLine, ImageSource, ModelReference } from '#lib/evaluator-contract.ts'
import { backOffMs } from './back-off.ts'
import type { BatchWriter } from './batch-writer.ts'
import { afterBreak, type Chunk, chunksOf, isSuspect, MAX_CHUNK_ITEMS, type RunItem } from './chunk.ts'
import type { EvaluationDependencies } from './dependencies.ts'
import { type EvaluationEnd, evaluate } from './evaluator-client.ts'
import type { EvaluatorAddress } from './evaluator-request.ts'
import type { Stamp } from './evaluator-stamp.ts'
import type { EvaluatorWatch } from './evaluator-watch.ts'
import { RunFailure } from './run-failure.ts'
import type { WorkQueue } from './work-queue.ts'

export type LaneContext = Pick<EvaluationDependencies, 'slots' | 'random' | 'logger' | 'now'> & {
  runId: string
  model: ModelReference
  stamp: Stamp
  queue: WorkQueue
  watch: EvaluatorWatch
  writer: BatchWriter
  /** Since when every request has ended with none of its images read. */
  outage: { since: Date | null }
  /** Where an item's bytes are; null when they cannot be had, which is then stored as the item's error. */
  sourceOf: (item: RunItem) => Promise<ImageSource | null>
  /** Throws when the images' store is away, which ends the attempt: it is repeated later. */
  checkStore: () => Promise<void>
  signal: AbortSignal
  /** Aborts when nothing is left to do: a lane that waits need not wait on. */
  finished: AbortController
}

/** The object store may recover within a few requests. */
const MAX_READ_FAILURES = 3
/** So many images and not one of them read: the store is away, and no image is to blame. */
const MIN_OUTAGE_ITEMS = 8
/** A store that is started again is back by then; a run that fails can be retried. */
const MAX_OUTAGE_SECONDS = 60
/** A refusal can be a crash in disguise; the third in a row is none. */
const MAX_REFUSALS = 3

/** Sends one request after the other to one evaluator until nothing is left. */
export async function runLane(context: LaneContext, address: EvaluatorAddress): Promise<void> {
  let failures = 0
  let refusals = 0
  for (;;) {
    if (failures > 0) await pause(context, failures)
    const chunk = await context.queue.take(context.signal)
    if (chunk === null) {
      context.finished.abort()
      return
    }
    if (!(await context.watch.isUsable(address.url))) {
      context.queue.settle([chunk])
      failures += 1
      continue
    }
    const end = await askChunk(context, address, chunk)
    failures = end.kind === 'complete' ? 0 : failures + 1
    refusals = end.kind === 'refused' ? refusals + 1 : 0
    refuseLongOutage(context, end)
    if (end.kind === 'mismatch' || (end.kind === 'refused' && refusals === MAX_REFUSALS))
      throw new RunFailure(end.code, end.detail)
  }
}

/** One evaluator that can read is enough: what the others could not comes to it. */
function refuseLongOutage({ outage, now }: LaneContext, end: ChunkEnd): void {
  if (end.kind !== 'unread') {
    outage.since = null
    return
  }
  outage.since ??= now()
  if (now().getTime() - outage.since.getTime() > MAX_OUTAGE_SECONDS * 1000)
    throw new RunFailure('READ_FAILED', end.detail)
}

async function pause({ finished, signal, random }: LaneContext, failures: number): Promise<void> {
  const ends = AbortSignal.any([finished.signal, signal])
  await sleep(backOffMs(failures, random()), undefined, { signal: ends }).catch(() => undefined)
}

/** `unread`: the evaluator is well and was given none of the images. */
type ChunkEnd = EvaluationEnd | { kind: 'unread'; detail: string }

async function askChunk(context: LaneContext, address: EvaluatorAddress, chunk: Chunk): Promise<ChunkEnd> {
  const { queue, slots, signal } = context
  const answers = new ChunkAnswers(context, chunk)
  const leave = await slots.enter(address.url, { exclusive: isSuspect(chunk), signal })
  let end: EvaluationEnd
  try {
    end = await sendChunk(context, address, chunk, answers)
  } finally {
    leave()
  }
  const unanswered = answers.unanswered()
  if (answers.isOutage()) {
    queue.settle([chunk])
    const detail = `The evaluator could read none of ${chunk.items.length} images. Retry the run when their store is back.`
    return { kind: 'unread', detail }
  }
  await answers.giveUpUnread()
  if (end.kind === 'complete') {
    queue.settle(answers.again())
  } else if (end.kind === 'broken') {
    context.logger.warn(
      { runId: context.runId, evaluator: address.url, reason: end.detail, unanswered: unanswered.length },
      'a request to the evaluator broke',
    )
    await context.watch.markDoubtful(address.url)
    const { again, givenUp } = afterBreak(chunk, unanswered)
    for (const item of givenUp)
      await context.writer.addError({
        imageId: item.imageId,
        code: 'DECODE_CRASH',
        message: `the evaluator ended each time it was asked for this image alone (${end.detail})`,
      })
    queue.settle([...again, ...answers.again()])
  } else {
    if (end.kind === 'away') await context.watch.markAway(address.url, end.detail)
    const rest = unanswered.length === 0 ? [] : [{ ...chunk, items: unanswered }]
    queue.settle([...rest, ...answers.again()])
  }
  return end
}

async function sendChunk(
  context: LaneContext,
  address: EvaluatorAddress,
  chunk: Chunk,
  answers: ChunkAnswers,
): Promise<EvaluationEnd> {
  const items = []
  for (const item of chunk.items) {
    const source = await context.sourceOf(item)
    if (source === null) answers.settle(item)
    else items.push({ id: String(item.imageId), sha256: item.sha256, source })
  }
  if (items.length === 0) return { kind: 'complete' }
  return await evaluate(address, { model: context.model, items }, context.stamp, {
    signal: context.signal,
    take: (line) => answers.take(line),
    ignore: (id, reason) =>
      context.logger.warn({ runId: context.runId, evaluator: address.url, id, reason }, 'a line was ignored'),
  })
}

/** What came back for one chunk, and what of it must be asked again. */
class ChunkAnswers {
  readonly #context: LaneContext
  readonly #open: Map<string, RunItem>
  readonly #again: RunItem[] = []
  /** Items that were not read, with the line that says so. */
  readonly #unread: { item: RunItem; message: string }[] = []
  readonly #itemCount: number

  constructor(context: LaneContext, chunk: Chunk) {
    this.#context = context
    this.#itemCount = chunk.items.length
    this.#open = new Map(chunk.items.map((item) => [String(item.imageId), item]))
  }

  settle(item: RunItem): void {
    this.#open.delete(String(item.imageId))
  }

  unanswered(): RunItem[] {
    return [...this.#open.values()]
  }

  isOutage(): boolean {
    return this.#itemCount >= MIN_OUTAGE_ITEMS && this.#unread.length === this.#itemCount
  }

  /** Asks again for what was not read among others that were, a few times. */
  async giveUpUnread(): Promise<void> {
    for (const { item, message } of this.#unread) {
      const readFailures = item.readFailures + 1
      if (readFailures < MAX_READ_FAILURES) this.#again.push({ ...item, readFailures })
      else await this.#context.writer.addError({ imageId: item.imageId, code: 'READ_FAILED', message })
    }
  }

  again(): Chunk[] {
    return chunksOf(this.#again, MAX_CHUNK_ITEMS)
  }

  async take(line: EvaluationLine): Promise<void> {
    const item = this.#open.get(line.id)
    if (item === undefined) return
    this.settle(item)
    const { writer, queue, checkStore } = this.#context
    if (line.status === 'error' && line.code === 'READ_FAILED') await checkStore()
    if (line.status === 'ok') {
      const { predictedIndex, probabilities, decodeSeconds, inferenceSeconds } = line
      await writer.addPrediction({
        imageSha256: item.sha256,
        predictedIndex,
        probabilities,
        decodeSeconds,
        inferenceSeconds,
      })
    } else if (line.code === 'UNREACHABLE' && !item.sendBytes) {
      queue.sendBytes() // it will not reach the others either
      this.#again.push({ ...item, sendBytes: true })
    } else if (line.code === 'READ_FAILED') {
      this.#unread.push({ item, message: line.message })
    } else {
      await writer.addError({ imageId: item.imageId, code: line.code, message: line.message })
    }
  }
}
