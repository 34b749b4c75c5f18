import { setTimeout as sleep } from 'node:timers/promises'
import type { RunItem } from '#lib/model/evaluation-run/manifest.ts'
import { backOffMs } from '#lib/model/evaluator/back-off.ts'
import { type EvaluationEnd, evaluate } from '#lib/model/evaluator/evaluator-client.ts'
import type { EvaluationLine } from '#lib/model/evaluator/evaluator-contract.ts'
import type { EvaluatorAddress } from '#lib/model/evaluator/evaluator-request.ts'
import type { BatchWriter } from './batch-writer.ts'
import { afterBreak, type Chunk, chunksOf, isSuspect, MAX_CHUNK_ITEMS } from './chunk.ts'
import type { BegunRun } from './claimed-run.ts'
import type { EvaluationDependencies } from './dependencies.ts'
import type { EvaluatorWatch } from './evaluator-watch.ts'
import type { ImageSources } from './image-source.ts'
import { RunFailure } from './run-failure.ts'
import type { WorkQueue } from './work-queue.ts'

export type RequestLoopContext = Pick<EvaluationDependencies, 'slots' | 'random' | 'logger'> & {
  run: BegunRun
  queue: WorkQueue
  watch: EvaluatorWatch
  writer: BatchWriter
  images: ImageSources
  /** Aborts when nothing is left to do: a request loop that waits need not wait on. */
  finished: AbortController
}

/** A refusal can be a crash in disguise; the third in a row is none. */
const MAX_REFUSALS = 3

/** Sends one request after the other to one evaluator until nothing is left. */
export async function runRequestLoop(context: RequestLoopContext, address: EvaluatorAddress): Promise<void> {
  let failures = 0
  let refusals = 0
  for (;;) {
    if (failures > 0) await pause(context, failures)
    const chunk = await context.queue.take(context.run.signal)
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
    if (end.kind === 'mismatch' || (end.kind === 'refused' && refusals === MAX_REFUSALS))
      throw new RunFailure(end.code, end.detail)
  }
}

async function pause({ finished, run, random }: RequestLoopContext, failures: number): Promise<void> {
  const ends = AbortSignal.any([finished.signal, run.signal])
  await sleep(backOffMs(failures, random()), undefined, { signal: ends }).catch(() => undefined)
}

async function askChunk(
  context: RequestLoopContext,
  address: EvaluatorAddress,
  chunk: Chunk,
): Promise<EvaluationEnd> {
  const { queue, run, slots } = context
  const answers = new ChunkAnswers(context, chunk)
  const leave = await slots.enter(address.url, { exclusive: isSuspect(chunk), signal: run.signal })
  let end: EvaluationEnd
  try {
    end = await sendChunk(context, address, chunk, answers)
  } finally {
    leave()
  }
  const unanswered = answers.unanswered()
  if (end.kind === 'complete') {
    queue.settle(answers.again())
  } else if (end.kind === 'broken') {
    context.logger.warn(
      { runId: run.id, evaluator: address.url, reason: end.detail, unanswered: unanswered.length },
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
  context: RequestLoopContext,
  address: EvaluatorAddress,
  chunk: Chunk,
  answers: ChunkAnswers,
): Promise<EvaluationEnd> {
  const { images, run } = context
  const items = []
  for (const item of chunk.items) {
    const source = await images.of(item, run.signal)
    if (source === null) answers.settle(item)
    else items.push({ id: String(item.imageId), sha256: item.sha256, source })
  }
  if (items.length === 0) return { kind: 'complete' }
  return await evaluate(address, { model: run.model, items }, run.stamp, {
    signal: run.signal,
    take: (line) => answers.take(line),
    ignore: (id, reason) =>
      context.logger.warn({ runId: run.id, evaluator: address.url, id, reason }, 'a line was ignored'),
  })
}

/** What came back for one chunk, and what of it must be asked again. */
class ChunkAnswers {
  readonly #context: RequestLoopContext
  readonly #open: Map<string, RunItem>
  readonly #again: RunItem[] = []
  #storeIsThere = false

  constructor(context: RequestLoopContext, chunk: Chunk) {
    this.#context = context
    this.#open = new Map(chunk.items.map((item) => [String(item.imageId), item]))
  }

  settle(item: RunItem): void {
    this.#open.delete(String(item.imageId))
  }

  unanswered(): RunItem[] {
    return [...this.#open.values()]
  }

  again(): Chunk[] {
    return chunksOf(this.#again, MAX_CHUNK_ITEMS)
  }

  async take(line: EvaluationLine): Promise<void> {
    const item = this.#open.get(line.id)
    if (item === undefined) return
    this.settle(item)
    const { writer, queue } = this.#context
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
    } else if (line.code === 'READ_FAILED' && !item.sendBytes) {
      await this.#requireStore()
      this.#again.push({ ...item, sendBytes: true })
    } else {
      await writer.addError({ imageId: item.imageId, code: line.code, message: line.message })
    }
  }

  /**
   * An image that the evaluator could not read is to blame only when its store is there and we cannot read it either:
   * so the store is looked at, and the image's bytes are sent.
   */
  async #requireStore(): Promise<void> {
    if (this.#storeIsThere) return
    await this.#context.images.checkStore()
    this.#storeIsThere = true
  }
}
