import { listMissing, type RunScope } from '#lib/model/evaluation-run/manifest.ts'
import { askReady } from '#lib/model/evaluator/evaluator-client.ts'
import type { ExecutionProvider } from '#lib/model/evaluator/evaluator-contract.ts'
import { storageFault } from '#lib/platform/faults/storage-fault.ts'
import type { Lease } from '#lib/platform/lease/lease.ts'
import { BatchWriter } from './batch-writer.ts'
import { MAX_CHUNK_ITEMS } from './chunk.ts'
import type { EvaluationDependencies } from './dependencies.ts'
import { EvaluatorWatch } from './evaluator-watch.ts'
import { ImageSources } from './image-source.ts'
import { writeNotice } from './notice.ts'
import { isOutputFault, refuseFaultyOutputs } from './output-faults.ts'
import { type RequestLoopContext, runRequestLoop } from './request-loop.ts'
import type { RunInputs } from './run-inputs.ts'
import { WorkQueue } from './work-queue.ts'
import { type Batch, writeBatch } from './write-batch.ts'

/** Two requests for each evaluator: the next is open before the one before has ended, so its children never idle. */
const REQUEST_LOOPS_PER_EVALUATOR = 2
/** Finding the next page looks through the manifest: 0.3 s for 200,000 images on the embedded database. */
const PAGE_IMAGES = 5_000
/** A handful of images is not worth a request of its own. */
const MIN_CHUNK_ITEMS = 8

export type MissingWork = {
  lease: Lease
  inputs: RunInputs
  scope: RunScope & { predictionSetId: number }
  provider: ExecutionProvider
  counts: { total: number; done: number }
  signal: AbortSignal
}

/** Asks for every image without answer and stores the answers. Resolves when none is left. */
export async function evaluateMissing(
  dependencies: EvaluationDependencies,
  work: MissingWork,
): Promise<void> {
  const { evaluators } = dependencies
  const { lease, inputs, scope } = work
  const attempt = new AbortController()
  const signal = AbortSignal.any([work.signal, attempt.signal])
  const writer = new BatchWriter({
    store: storeFunction(dependencies, work),
    isPassing: (error) => storageFault(error) !== null,
    onFailure: (error) => attempt.abort(error),
    signal,
  })
  const laneCount = evaluators.length * REQUEST_LOOPS_PER_EVALUATOR
  const share = Math.ceil((work.counts.total - work.counts.done) / Math.max(laneCount, 1))
  const chunkItems = Math.min(MAX_CHUNK_ITEMS, Math.max(MIN_CHUNK_ITEMS, share))
  const images = new ImageSources({
    sources: dependencies.sources,
    dataset: inputs.dataset,
    onError: (row) => writer.addError(row),
  })
  const context: RequestLoopContext = {
    slots: dependencies.slots,
    random: dependencies.random,
    logger: dependencies.logger,
    runId: lease.id,
    model: inputs.model,
    stamp: {
      modelSha256: inputs.model.sha256,
      preprocessingSha256: inputs.preprocessingSha256,
      provider: work.provider,
    },
    queue: new WorkQueue({
      listMissing: (after) => listMissing(dependencies.db, scope, after, PAGE_IMAGES),
      beforeWalk: () => writer.flush(),
      chunkItems,
    }),
    watch: watchEvaluators(dependencies, work, signal),
    writer,
    sourceOf: (item) => images.of(item, signal),
    checkStore: () => images.checkStore(),
    signal,
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

function storeFunction(dependencies: EvaluationDependencies, work: MissingWork) {
  const lease = { ...work.lease, predictionSetId: work.scope.predictionSetId }
  let isFirst = true
  return async (batch: Batch): Promise<void> => {
    await writeBatch(dependencies.db, lease, batch, { isFirst })
    isFirst = false
    if (batch.errors.some((error) => isOutputFault(error.code)))
      await refuseFaultyOutputs(dependencies.db, lease.id, work.counts.total)
  }
}

function watchEvaluators(
  dependencies: EvaluationDependencies,
  work: MissingWork,
  signal: AbortSignal,
): EvaluatorWatch {
  const { evaluators } = dependencies
  return new EvaluatorWatch({
    urls: evaluators.map(({ url }) => url),
    provider: work.provider,
    ask: async (url) => {
      const address = evaluators.find((each) => each.url === url)
      return address === undefined
        ? { kind: 'away', detail: `${url} is no evaluator of this service.` }
        : await askReady(address, signal)
    },
    notice: (detail) =>
      writeNotice(dependencies, work.lease, detail === null ? null : { code: 'EVALUATOR_AWAY', detail }),
  })
}
