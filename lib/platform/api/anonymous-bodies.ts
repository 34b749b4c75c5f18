import { ServiceError } from '#lib/platform/errors.ts'
import { addressGroup } from '#lib/platform/http/client-address.ts'

/** Clients of the open routes that send at the same time: a few workstations, or one script with many threads. */
const MAX_CALLS = 64
const MAX_CALLS_PER_ADDRESS = 32
/** Uploads of the largest size that may lie on the disk at the same time. */
const MAX_LARGEST = 16
const MAX_LARGEST_PER_ADDRESS = 8
/** 25 MB in two minutes are 1.7 Mbit/s. */
const MAX_SECONDS = 120
const RETRY_AFTER_SECONDS = 5

type Held = { group: string; bytes: number }
export type Place = {
  /** Aborts when the body should have arrived. */
  deadline: AbortSignal
  /** Call it when the request has been answered. */
  release: () => void
}

/**
 * What callers without credentials send, from its first byte until their answer: so many calls and bytes at once, of
 * one address and of all, and so long. Who signs in is not limited here; `guardBody` ends what trickles.
 */
export class AnonymousBodies {
  readonly #held = new Set<Held>()
  readonly #largestBytes: number

  /** `largestBytes`: the upload limit. */
  constructor(largestBytes: number) {
    this.#largestBytes = largestBytes
  }

  /** Calls that hold a place. */
  get count(): number {
    return this.#held.size
  }

  /** Throws TOO_MANY_REQUESTS or UNAVAILABLE where no place is left. `bytes`: as announced, null where nothing is. */
  take(caller: { address: string | null; bytes: number | null }): Place {
    const group = addressGroup(caller.address ?? '') ?? 'unknown'
    const bytes = Math.min(caller.bytes ?? this.#largestBytes, this.#largestBytes)
    const all = [...this.#held]
    const own = all.filter((held) => held.group === group)
    if (this.#isFull(own, bytes, { calls: MAX_CALLS_PER_ADDRESS, largest: MAX_LARGEST_PER_ADDRESS }))
      throw refusal('TOO_MANY_REQUESTS', 'Too many uploads from this address are under way')
    if (this.#isFull(all, bytes, { calls: MAX_CALLS, largest: MAX_LARGEST }))
      throw refusal('UNAVAILABLE', 'Too many uploads are under way')
    const entry: Held = { group, bytes }
    this.#held.add(entry)
    return {
      deadline: AbortSignal.timeout(MAX_SECONDS * 1000),
      release: () => void this.#held.delete(entry),
    }
  }

  #isFull(held: readonly Held[], bytes: number, limits: { calls: number; largest: number }): boolean {
    const sum = held.reduce((total, each) => total + each.bytes, bytes)
    return held.length >= limits.calls || sum > limits.largest * this.#largestBytes
  }
}

function refusal(kind: 'TOO_MANY_REQUESTS' | 'UNAVAILABLE', what: string): ServiceError {
  return new ServiceError(kind, `${what}: try again soon, or send an API key.`, {
    code: 'TOO_MANY_UPLOADS',
    details: { retryAfterSeconds: RETRY_AFTER_SECONDS },
  })
}

/** On `globalThis`, because bundles may load this module more than once: the process has one count. */
const holder = globalThis as { secondReaderAnonymousBodies?: AnonymousBodies }

export function anonymousBodies(settings: { uploadLimitBytes: number }): AnonymousBodies {
  holder.secondReaderAnonymousBodies ??= new AnonymousBodies(settings.uploadLimitBytes)
  return holder.secondReaderAnonymousBodies
}
