import type { evaluationRuns } from '#db/schema/evaluation-run.ts'
import { LEASE_SECONDS } from '#lib/platform/lease/lease.ts'

type RunRow = typeof evaluationRuns.$inferSelect

/** What a decision about a run depends on. */
export type RunState = Pick<
  RunRow,
  'status' | 'epoch' | 'attemptCount' | 'leaseUntil' | 'deadline' | 'startedAt'
>

export type RunEvent =
  | { type: 'claim'; owner: string; snapshot: SnapshotState }
  | { type: 'begin'; epoch: number; images: number }
  | { type: 'release'; epoch: number; reason: 'stopped' }
  | { type: 'release'; epoch: number; reason: 'fault' | 'outage'; afterSeconds: number }
  | { type: 'finish'; epoch: number; missing: number }
  | { type: 'fail'; epoch: number; code: string; detail: string }
  | { type: 'cancel' }
  | { type: 'retry'; errors: number; missing: number }
  | { type: 'delete' }

export type SnapshotState =
  | { status: 'scanning' }
  | { status: 'ready' }
  | { status: 'failed'; code: string; detail: string }

export type RunChange = Partial<
  Pick<
    RunRow,
    | 'status'
    | 'epoch'
    | 'attemptCount'
    | 'leaseUntil'
    | 'deadline'
    | 'startedAt'
    | 'finishedAt'
    | 'owner'
    | 'predictionSetId'
    | 'reusedCount'
    | 'settledBeforeCount'
    | 'imageCount'
    | 'doneCount'
    | 'errorCount'
    | 'excludedCount'
    | 'failureCode'
    | 'failureDetail'
  >
>

export type RunDecision =
  | { kind: 'change'; change: RunChange }
  /** Nothing to do, and no error. */
  | { kind: 'stay' }
  /** The caller no longer owns the run: what it holds is void. */
  | { kind: 'stale' }
  | { kind: 'refuse'; code: string; message: string }

/** Claims in a row without one row written; a run that makes progress starts again from none. */
export const MAX_ATTEMPTS = 20
/** A run may wait behind long ones, over a long weekend too. */
export const QUEUE_DEADLINE_SECONDS = 7 * 86_400
/** Once begun: a day for an evaluator that is away, and ten times what an image takes on one CPU core. */
const RUN_DEADLINE_SECONDS = 86_400
const RUN_DEADLINE_SECONDS_PER_IMAGE = 1

/** What becomes of a run when something happens to it at `now` (the database's clock). */
export function decide(run: RunState, event: RunEvent, now: Date): RunDecision {
  switch (event.type) {
    case 'claim':
      return decideClaim(run, event, now)
    case 'begin':
      return ifOwned(run, event.epoch, () => decideBegin(run, event.images, now))
    case 'release':
      return ifOwned(run, event.epoch, () => decideRelease(run, event, now))
    case 'finish':
      return ifOwned(run, event.epoch, () =>
        event.missing > 0
          ? { kind: 'stay' }
          : change({ ...ended(now), status: 'succeeded', failureCode: null, failureDetail: null }),
      )
    case 'fail':
      return ifOwned(run, event.epoch, () => change(failed(event.code, event.detail, now)))
    case 'cancel':
      return decideCancel(run, now)
    case 'retry':
      return decideRetry(run, event, now)
    case 'delete':
      return isOver(run)
        ? change({})
        : refuse('RUN_NOT_FINISHED', `The run is ${run.status}: cancel it before deleting it.`)
  }
}

export function isOver(run: Pick<RunState, 'status'>): boolean {
  return run.status !== 'queued' && run.status !== 'running'
}

function decideClaim(
  run: RunState,
  { owner, snapshot }: Extract<RunEvent, { type: 'claim' }>,
  now: Date,
): RunDecision {
  if (isOver(run) || (run.leaseUntil !== null && run.leaseUntil > now)) return { kind: 'stay' }
  if (run.deadline <= now) {
    const what = run.status === 'queued' ? 'was not begun' : 'did not end'
    return change(failed('DEADLINE', `The run ${what} before ${run.deadline.toISOString()}. Retry it.`, now))
  }
  if (snapshot.status === 'scanning') return { kind: 'stay' }
  if (snapshot.status === 'failed') return change(failed(snapshot.code, snapshot.detail, now))
  if (run.attemptCount >= MAX_ATTEMPTS) {
    const detail = `${MAX_ATTEMPTS} attempts in a row ended without one image evaluated. See the service's log.`
    return change(failed('ATTEMPTS_EXHAUSTED', detail, now))
  }
  return change({
    status: 'running',
    owner,
    epoch: run.epoch + 1,
    attemptCount: run.attemptCount + 1,
    leaseUntil: after(now, LEASE_SECONDS),
  })
}

function decideBegin(run: RunState, images: number, now: Date): RunDecision {
  if (run.startedAt !== null) return { kind: 'stay' } // a later attempt: neither start nor deadline moves
  const seconds = RUN_DEADLINE_SECONDS + images * RUN_DEADLINE_SECONDS_PER_IMAGE
  return change({ startedAt: now, deadline: after(now, seconds) })
}

function decideRelease(run: RunState, event: Extract<RunEvent, { type: 'release' }>, now: Date): RunDecision {
  const leaseUntil = event.reason === 'stopped' ? null : after(now, event.afterSeconds)
  if (event.reason === 'fault') return change({ owner: null, leaseUntil })
  // The process ends, or the images' store is away: neither is held against the run.
  return change({ owner: null, leaseUntil, attemptCount: Math.max(0, run.attemptCount - 1) })
}

function decideCancel(run: RunState, now: Date): RunDecision {
  if (run.status === 'cancelled') return { kind: 'stay' }
  if (isOver(run))
    return refuse('RUN_FINISHED', `The run has already ${run.status}: nothing is left to cancel.`)
  return change({
    ...ended(now),
    status: 'cancelled',
    epoch: run.epoch + 1, // fences the owner at once
    failureCode: null,
    failureDetail: null,
  })
}

function decideRetry(
  run: RunState,
  { errors, missing }: Extract<RunEvent, { type: 'retry' }>,
  now: Date,
): RunDecision {
  if (!isOver(run))
    return refuse('RUN_NOT_FINISHED', `The run is ${run.status}: it can be retried once it has ended.`)
  if (run.status === 'succeeded' && errors === 0 && missing === 0) {
    return refuse('NOTHING_TO_RETRY', 'Every image of the run has its prediction: nothing is left to retry.')
  }
  return change({
    status: 'queued',
    epoch: run.epoch + 1,
    attemptCount: 0,
    owner: null,
    leaseUntil: null,
    startedAt: null,
    finishedAt: null,
    failureCode: null,
    failureDetail: null,
    // The evaluator may by now run on another provider: chosen and counted anew.
    predictionSetId: null,
    reusedCount: null,
    settledBeforeCount: null,
    imageCount: null,
    doneCount: null,
    errorCount: null,
    excludedCount: null,
    deadline: after(now, QUEUE_DEADLINE_SECONDS),
  })
}

function ifOwned(run: RunState, epoch: number, decision: () => RunDecision): RunDecision {
  return run.status === 'running' && run.epoch === epoch ? decision() : { kind: 'stale' }
}

function failed(code: string, detail: string, now: Date): RunChange {
  return { ...ended(now), status: 'failed', failureCode: code, failureDetail: detail }
}

function ended(now: Date): RunChange {
  return { finishedAt: now, owner: null, leaseUntil: null }
}

function change(values: RunChange): RunDecision {
  return { kind: 'change', change: values }
}

function refuse(code: string, message: string): RunDecision {
  return { kind: 'refuse', code, message }
}

function after(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000)
}
