import type { Database } from '#db/client.ts'
import { computeMetrics } from '#lib/model/evaluation-result/compute-metrics.ts'
import type { RunRow } from '#lib/model/evaluation-run/change-run.ts'
import { listUnknownClasses } from '#lib/model/evaluation-run/manifest.ts'
import { countRun, type RunCounts } from '#lib/model/evaluation-run/progress.ts'
import { describeUnknownClasses } from '#lib/model/evaluation-run/unknown-classes.ts'
import { WorkOver } from '#lib/platform/lease/keep-lease.ts'
import { LeaseLost } from '#lib/platform/lease/lease.ts'
import { beginRun, findBegunRun } from './begin-run.ts'
import { chooseProvider } from './choose-provider.ts'
import { type ClaimedRun, loadClaimedRun } from './claimed-run.ts'
import type { EvaluationDependencies } from './dependencies.ts'
import { failRun, finishRun, releaseRun } from './end-run.ts'
import { evaluateMissing } from './evaluate-missing.ts'
import { StoreAway } from './image-source.ts'
import { writeNotice } from './notice.ts'
import { refuseFaultyOutputs } from './output-faults.ts'
import { RunFailure } from './run-failure.ts'
import { keepRun } from './run-lease.ts'
import { taskContext } from './task-context.ts'

/** Longest wait before an attempt that failed for an unknown reason is repeated. */
const MAX_REPEAT_SECONDS = 300
/** An outage of the images' store is not held against the run: it is looked at again this soon, until the deadline. */
const OUTAGE_PAUSE_SECONDS = 5

/** Works on a claimed run until it has ended, has been taken away, or `stop` aborts; then it is given up at once. */
export async function executeRun(
  dependencies: EvaluationDependencies,
  run: RunRow,
  stop: AbortSignal,
): Promise<void> {
  const { logger } = dependencies
  const kept = keepRun({
    db: dependencies.heartbeatDb,
    lease: run,
    onError: (error) => logger.warn({ runId: run.id, error: String(error) }, 'a heartbeat failed'),
  })
  const signal = AbortSignal.any([stop, kept.signal])
  try {
    await evaluateRun(dependencies, run, signal)
  } catch (error) {
    const reason = kept.signal.aborted ? kept.signal.reason : error
    await settleAttempt(dependencies, run, { reason, stopped: stop.aborted })
  } finally {
    await kept.stop()
  }
}

async function evaluateRun(
  dependencies: EvaluationDependencies,
  row: RunRow,
  signal: AbortSignal,
): Promise<void> {
  const { db } = dependencies
  const claimed = await loadClaimedRun(db, row, signal)
  const { total: images } = await countUsable(db, claimed)
  const run =
    (await findBegunRun(db, claimed)) ??
    (await beginRun(db, claimed, { provider: await chooseProvider(dependencies, claimed), images }))
  for (;;) {
    const counts = await countRun(db, run.id)
    if (counts.done < counts.total) await evaluateMissing(dependencies, run, counts)
    await refuseFaultyOutputs(db, run.id, counts.total)
    const { metrics } = await computeMetrics(db, run.scope, run.model.card, signal)
    if (await finishRun(taskContext(dependencies), run, metrics)) return
    signal.throwIfAborted()
  }
}

/** The counts of a run whose snapshot it can be computed on; else its failure. */
async function countUsable(db: Database, run: ClaimedRun): Promise<RunCounts> {
  const counts = await countRun(db, run.id)
  if (!run.allowUnknownClasses && counts.excluded > 0) {
    const classes = await listUnknownClasses(db, run.scope)
    throw new RunFailure('UNKNOWN_CLASS', describeUnknownClasses(classes))
  }
  if (counts.total === 0)
    throw new RunFailure(
      'EMPTY_DATASET',
      'The dataset has no image of a finding class that the version knows.',
    )
  return counts
}

/** What an attempt that did not succeed leaves behind. */
async function settleAttempt(
  dependencies: EvaluationDependencies,
  run: RunRow,
  { reason, stopped }: { reason: unknown; stopped: boolean },
): Promise<void> {
  const { db, logger } = dependencies
  try {
    if (reason instanceof LeaseLost) {
      logger.info({ runId: run.id, reason: reason.message }, 'a run was given up')
    } else if (reason instanceof WorkOver) {
      await failRun(taskContext(dependencies), run, {
        code: 'DEADLINE',
        detail: `${reason.message} Retry it to go on.`,
      })
    } else if (reason instanceof RunFailure) {
      await failRun(taskContext(dependencies), run, { code: reason.code, detail: reason.message })
    } else if (stopped) {
      await releaseRun(db, run, { reason: 'stopped' })
    } else if (reason instanceof StoreAway) {
      logger.warn({ runId: run.id, reason: reason.message }, 'a run waits for the object store')
      if (run.failureCode !== 'STORE_AWAY')
        await writeNotice(dependencies, run, { code: 'STORE_AWAY', detail: reason.message })
      await releaseRun(db, run, { reason: 'outage', afterSeconds: OUTAGE_PAUSE_SECONDS })
    } else {
      logger.error({ runId: run.id, err: reason }, 'an attempt at a run failed and will be repeated')
      const afterSeconds = Math.min(MAX_REPEAT_SECONDS, 2 ** run.attemptCount)
      await releaseRun(db, run, { reason: 'fault', afterSeconds })
    }
  } catch (error) {
    if (error instanceof LeaseLost) return
    // The lease ends by itself, and the process that claims the run next finds what is stored.
    logger.warn({ runId: run.id, error: String(error) }, 'the end of an attempt was not stored')
  }
}
