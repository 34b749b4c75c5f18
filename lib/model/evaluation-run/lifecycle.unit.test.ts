import { describe, expect, test } from 'vitest'
import { decide, MAX_ATTEMPTS, type RunDecision, type RunEvent, type RunState } from './lifecycle.ts'

const now = new Date('2026-11-21T12:00:00Z')
const at = (seconds: number) => new Date(now.getTime() + seconds * 1000)

const queued: RunState = {
  status: 'queued',
  epoch: 0,
  attemptCount: 0,
  leaseUntil: null,
  deadline: at(3600),
  startedAt: null,
}
const running: RunState = {
  ...queued,
  status: 'running',
  epoch: 3,
  attemptCount: 1,
  leaseUntil: at(20),
  startedAt: at(-60),
}
const succeeded: RunState = { ...running, status: 'succeeded', leaseUntil: null }
const failed: RunState = { ...succeeded, status: 'failed' }
const cancelled: RunState = { ...succeeded, status: 'cancelled', epoch: 4 }

const claim = (snapshot: 'scanning' | 'ready' = 'ready'): RunEvent => ({
  type: 'claim',
  owner: 'me',
  snapshot: { status: snapshot },
})
const failedScan: RunEvent = {
  type: 'claim',
  owner: 'me',
  snapshot: { status: 'failed', code: 'LABEL_CONFLICT', detail: 'The same image in two classes.' },
}
const retry = (errors: number, missing: number): RunEvent => ({ type: 'retry', errors, missing })
const stay: RunDecision = { kind: 'stay' }
const stale: RunDecision = { kind: 'stale' }
const change = (values: object) => ({ kind: 'change', change: expect.objectContaining(values) })
const refusal = (code: string) => ({ kind: 'refuse', code, message: expect.any(String) })
const overdue = { deadline: at(-1) }

describe('what becomes of a run', () => {
  test.each<[string, RunState, RunEvent, unknown]>([
    [
      'a queued run with its snapshot ready is claimed at a new epoch',
      queued,
      claim(),
      change({ status: 'running', owner: 'me', epoch: 1, attemptCount: 1, leaseUntil: at(30) }),
    ],
    ['a queued run waits for its scan', queued, claim('scanning'), stay],
    [
      'a run whose scan failed fails with its code',
      queued,
      failedScan,
      change({ status: 'failed', failureCode: 'LABEL_CONFLICT', finishedAt: now }),
    ],
    ['a run that a process works on is left to it', running, claim(), stay],
    [
      'a run whose lease is over is taken over at the next epoch',
      { ...running, leaseUntil: at(-1) },
      claim(),
      change({ epoch: 4, attemptCount: 2 }),
    ],
    ['an ended run is not claimed', succeeded, claim(), stay],
    [
      'a queued run past its deadline fails, also without a snapshot',
      { ...queued, ...overdue },
      claim('scanning'),
      change({ status: 'failed', failureCode: 'DEADLINE' }),
    ],
    [
      'an abandoned run past its deadline fails instead of going on',
      { ...running, leaseUntil: at(-1), ...overdue },
      claim(),
      change({ status: 'failed', failureCode: 'DEADLINE' }),
    ],
    ['a deadline is no reason to end a run that is held', { ...running, ...overdue }, claim(), stay],
    [
      'the last attempt is made',
      { ...queued, attemptCount: MAX_ATTEMPTS - 1 },
      claim(),
      change({ attemptCount: MAX_ATTEMPTS }),
    ],
    [
      'a run that got nowhere in all its attempts fails',
      { ...queued, attemptCount: MAX_ATTEMPTS },
      claim(),
      change({ status: 'failed', failureCode: 'ATTEMPTS_EXHAUSTED' }),
    ],
    [
      'a run begins with a deadline for its size',
      { ...running, startedAt: null },
      { type: 'begin', epoch: 3, images: 100 },
      change({ startedAt: now, deadline: at(86_500) }),
    ],
    ['a later attempt moves no deadline', running, { type: 'begin', epoch: 3, images: 100 }, stay],
    [
      'a run that was taken over does not begin',
      { ...running, startedAt: null },
      { type: 'begin', epoch: 2, images: 1 },
      stale,
    ],
    [
      'a run given up at the end of the process is free at once, the attempt not counted',
      running,
      { type: 'release', epoch: 3, reason: 'stopped' },
      change({ owner: null, leaseUntil: null, attemptCount: 0 }),
    ],
    [
      'a run given up after a fault is free later',
      running,
      { type: 'release', epoch: 3, reason: 'fault', afterSeconds: 8 },
      change({ owner: null, leaseUntil: at(8) }),
    ],
    [
      "a run given up because of its images' store is free soon, the attempt not counted",
      running,
      { type: 'release', epoch: 3, reason: 'outage', afterSeconds: 5 },
      change({ owner: null, leaseUntil: at(5), attemptCount: 0 }),
    ],
    [
      'a run with every image settled succeeds',
      running,
      { type: 'finish', epoch: 3, missing: 0 },
      change({ status: 'succeeded', finishedAt: now, leaseUntil: null }),
    ],
    ['a run with an image missing does not end', running, { type: 'finish', epoch: 3, missing: 1 }, stay],
    ['a former owner finishes nothing', running, { type: 'finish', epoch: 2, missing: 0 }, stale],
    ['a cancelled run is not finished', cancelled, { type: 'finish', epoch: 4, missing: 0 }, stale],
    [
      'a run fails with its reason',
      running,
      { type: 'fail', epoch: 3, code: 'INVALID_OUTPUT', detail: 'NaN' },
      change({ status: 'failed', failureCode: 'INVALID_OUTPUT', failureDetail: 'NaN' }),
    ],
    ['a former owner fails nothing', running, { type: 'fail', epoch: 2, code: 'X', detail: '' }, stale],
    [
      'cancelling fences the owner',
      running,
      { type: 'cancel' },
      change({ status: 'cancelled', epoch: 4, owner: null, finishedAt: now }),
    ],
    ['a queued run is cancelled', queued, { type: 'cancel' }, change({ status: 'cancelled', epoch: 1 })],
    ['cancelling twice is cancelling once', cancelled, { type: 'cancel' }, stay],
    ['a succeeded run is not cancelled', succeeded, { type: 'cancel' }, refusal('RUN_FINISHED')],
    ['a running run is not retried', running, retry(0, 5), refusal('RUN_NOT_FINISHED')],
    ['a succeeded run without errors is not retried', succeeded, retry(0, 0), refusal('NOTHING_TO_RETRY')],
    [
      'a succeeded run with errors is queued again, its provider open',
      succeeded,
      retry(2, 0),
      change({
        status: 'queued',
        epoch: 4,
        attemptCount: 0,
        finishedAt: null,
        startedAt: null,
        predictionSetId: null,
        reusedCount: null,
      }),
    ],
    ['a failed run is queued again', failed, retry(0, 9), change({ status: 'queued', failureCode: null })],
    ['a cancelled run is queued again', cancelled, retry(0, 9), change({ status: 'queued', epoch: 5 })],
    ['a running run is not deleted', running, { type: 'delete' }, refusal('RUN_NOT_FINISHED')],
    ['an ended run is deleted', failed, { type: 'delete' }, { kind: 'change', change: {} }],
  ])('%s', (_title, run, event, decision) => {
    expect(decide(run, event, now)).toEqual(decision)
  })
})
