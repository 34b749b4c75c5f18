import { ServiceError } from '#lib/platform/errors.ts'

/** Each is a file on disk and a person who waits; a queue longer than this outlasts their patience. */
const MOST_WAITING = 4

/** Lets one work at a time, in the order in which they came, and refuses more than a few that wait. */
export class AdmissionQueue {
  #last: Promise<unknown> = Promise.resolve()
  #count = 0

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#count > MOST_WAITING)
      throw new ServiceError(
        'UNAVAILABLE',
        'Other models are being examined and wait for it: upload this one again in some minutes.',
        { code: 'ADMISSIONS_BUSY' },
      )
    this.#count += 1
    const turn = this.#last.then(work)
    this.#last = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      this.#count -= 1
    }
  }
}
