import { listMissing } from '#lib/model/evaluation-run/manifest.ts'
import type { RunCounts } from '#lib/model/evaluation-run/progress.ts'
import { askReady } from '#lib/model/evaluator/evaluator-client.ts'
import { storageFault } from '#lib/platform/faults/storage-fault.ts'
import { BatchWriter } from './batch-writer.ts'
import { MAX_CHUNK_ITEMS } from './chunk.ts'
import type { BegunRun } from './claimed-run.ts'
import type { EvaluationDependencies } from './dependencies.ts'
import { EvaluatorWatch } from './evaluator-watch.ts'
import { ImageSources } from './image-source.ts'
import { noticeEvaluator } from './notice.ts'
import { isOutputFault, refuseFaultyOutputs } from './output-faults.ts'
import { type RequestLoopContext, runRequestLoop } from './request-loop.ts'
import { WorkQueue } from './work-queue.ts'
import { type Batch, writeBatch } from './write-batch.ts'

/** Two requests for each evaluator: the next is open before the one before has ended, so its children never idle. */
const REQUEST_LOOPS_PER_EVALUATOR = 2
/** Finding the next page looks through the manifest: 0.3 s for 200,000 images on the embedded database. */
const PAGE_IMAGES = 5_000
/** A handful of images is not worth a request of its own. */
const MIN_CHUNK_ITEMS = 8

/** Asks for every image without answer and stores the answers. Resolves when none is left. */
export async function evaluateMissing(
  dependencies: EvaluationDependencies,
  begun: BegunRun,
  counts: Pick<RunCounts, 'total' | 'done'>,
): Promise<void> {
  const { evaluators } = dependencies
  const attempt = new AbortController()
  const run = { ...begun, signal: AbortSignal.any([begun.signal, attempt.signal]) }
  const writer = new BatchWriter({
    store: storeFunction(dependencies, run, counts.total),
    isPassing: (error) => storageFault(error) !== null,
    onFailure: (error) => attempt.abort(error),
    signal: run.signal,
  })
  const laneCount = evaluators.length * REQUEST_LOOPS_PER_EVALUATOR
  const share = Math.ceil((counts.total - counts.done) / Math.max(laneCount, 1))
  const chunkItems = Math.min(MAX_CHUNK_ITEMS, Math.max(MIN_CHUNK_ITEMS, share))
  const images = new ImageSources({
    sources: dependencies.sources,
    dataset: run.dataset,
    onError: (row) => writer.addError(row),
  })
  const context: RequestLoopContext = {
    slots: dependencies.slots,
    random: dependencies.random,
    logger: dependencies.logger,
    run,
    queue: new WorkQueue({
      listMissing: (after) => listMissing(dependencies.db, run.scope, after, PAGE_IMAGES),
      beforeWalk: () => writer.flush(),
      chunkItems,
    }),
    watch: watchEvaluators(dependencies, run),
    writer,
    images,
    finished: new AbortController(),
  }
  const loops = evaluators.flatMap((address) =>
    Array.from({ length: REQUEST_LOOPS_PER_EVALUATOR }, () => runRequestLoop(context, address)),
  )
  try {
    await Promise.all(loops)
    await writer.flush()
  } catch (error) {
    attempt.abort(error)
    await Promise.allSettled(loops)
    // What was answered need not be asked again. Where the run is no longer ours the database refuses it.
    await writer.flush().catch(() => undefined)
    // When the writer failed the loops only say that they were stopped.
    throw attempt.signal.reason
  } finally {
    await images.close()
  }
}

function storeFunction({ db }: EvaluationDependencies, run: BegunRun, total: number) {
  let isFirst = true
  return async (batch: Batch): Promise<void> => {
    await writeBatch(db, run, batch, { isFirst })
    isFirst = false
    if (batch.errors.some((error) => isOutputFault(error.code))) await refuseFaultyOutputs(db, run.id, total)
  }
}

function watchEvaluators(dependencies: EvaluationDependencies, run: BegunRun): EvaluatorWatch {
  const { evaluators } = dependencies
  return new EvaluatorWatch({
    urls: evaluators.map(({ url }) => url),
    provider: run.stamp.provider,
    ask: async (url) => {
      const address = evaluators.find((each) => each.url === url)
      return address === undefined
        ? { kind: 'away', detail: `${url} is no evaluator of this service.` }
        : await askReady(address, run.signal)
    },
    notice: (detail) => noticeEvaluator(dependencies, run, detail),
  })
}
