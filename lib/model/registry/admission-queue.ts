import { BoundedQueue } from '#lib/platform/concurrency/bounded-queue.ts'
import { ServiceError } from '#lib/platform/errors.ts'

/** Each is a file on disk and a person who waits; a queue longer than this outlasts their patience. */
const MOST_WAITING = 4

/** One model is examined at a time, in the order in which they came. */
export function newAdmissionQueue(): BoundedQueue {
  return new BoundedQueue({
    places: 1,
    waiting: MOST_WAITING,
    refuseFull: () =>
      new ServiceError(
        'UNAVAILABLE',
        'Other models are being examined and wait for it: upload this one again in some minutes.',
        { code: 'ADMISSIONS_BUSY' },
      ),
  })
}
