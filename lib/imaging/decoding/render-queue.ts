import { BoundedQueue } from '#lib/platform/concurrency/bounded-queue.ts'
import { ServiceError } from '#lib/platform/errors.ts'

/** A page of the gallery asks for 100 at once; so many pages may wait. */
const MAX_WAITING = 500
/** About what the pictures that wait before ours take: two children make some 50 thumbnails a second. */
const RETRY_AFTER_SECONDS = 5

/** What waits has not begun: no image is read before its turn, so a crowd costs no memory. */
export function newRenderQueue(places: number, waiting = MAX_WAITING): BoundedQueue {
  return new BoundedQueue({
    places,
    waiting,
    refuseFull: () =>
      new ServiceError('UNAVAILABLE', 'Too many images are being prepared: try again in a moment.', {
        code: 'RENDERER_BUSY',
        details: { retryAfterSeconds: RETRY_AFTER_SECONDS },
      }),
    leave: () =>
      new ServiceError('UNAVAILABLE', 'No client waits for the image any more.', { code: 'STOPPING' }),
  })
}
