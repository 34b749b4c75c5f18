import { ServiceError } from '#lib/platform/errors.ts'

/** A page of the gallery asks for 100 at once; so many pages may wait. */
const MAX_WAITING = 500
/** About what the pictures that wait before ours take: two children make some 50 thumbnails a second. */
const RETRY_AFTER_SECONDS = 5

type Waiting = { start: () => void; urgent: boolean }

/**
 * Lets so many pieces of work run at once and keeps the others waiting, the urgent ones first. What waits has not
 * begun: no image is read before its turn, so a crowd costs no memory. More than a full queue is refused.
 */
export class RenderQueue {
  private readonly places: number
  private readonly maxWaiting: number
  private readonly waiting: Waiting[] = []
  private running = 0

  constructor(places: number, maxWaiting = MAX_WAITING) {
    this.places = places
    this.maxWaiting = maxWaiting
  }

  async run<T>(
    work: () => Promise<T>,
    options: { urgent: boolean; signal?: AbortSignal | undefined },
  ): Promise<T> {
    await this.turn(options)
    try {
      return await work()
    } finally {
      this.running -= 1
      this.startNext()
    }
  }

  private turn({ urgent, signal }: { urgent: boolean; signal?: AbortSignal | undefined }): Promise<void> {
    if (this.waiting.length >= this.maxWaiting)
      throw new ServiceError('UNAVAILABLE', 'Too many images are being prepared: try again in a moment.', {
        code: 'RENDERER_BUSY',
        details: { retryAfterSeconds: RETRY_AFTER_SECONDS },
      })
    return new Promise((resolve, reject) => {
      const leave = () => {
        const position = this.waiting.indexOf(entry)
        if (position === -1) return
        this.waiting.splice(position, 1)
        reject(
          new ServiceError('UNAVAILABLE', 'No client waits for the image any more.', { code: 'STOPPING' }),
        )
      }
      const start = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const entry = { start, urgent }
      const ordinary = this.waiting.findIndex((other) => !other.urgent)
      this.waiting.splice(urgent && ordinary !== -1 ? ordinary : this.waiting.length, 0, entry)
      signal?.addEventListener('abort', leave, { once: true })
      if (signal?.aborted) leave()
      this.startNext()
    })
  }

  private startNext(): void {
    if (this.running >= this.places) return
    const next = this.waiting.shift()
    if (next === undefined) return
    this.running += 1
    next.start()
  }
}
