import type { IncomingMessage } from 'node:http'
import { EvaluatorSilent } from './evaluator-request.ts'
import { MalformedStream } from './ndjson-lines.ts'

export type IgnoredReason = 'unknown' | 'duplicate'

/** Beside as many as images: a repeated answer is no fault, a stream of them is. */
const MAX_IGNORED_LINES = 100

/** Counts lines that were not asked for, tells of the first of each kind, and ends the stream when they are too many. */
export class IgnoredLines {
  readonly #limit: number
  readonly #tell: (id: string, reason: IgnoredReason) => void
  readonly #told = new Set<IgnoredReason>()
  #count = 0

  constructor(imageCount: number, tell: (id: string, reason: IgnoredReason) => void) {
    this.#limit = imageCount + MAX_IGNORED_LINES
    this.#tell = tell
  }

  add(id: string, reason: IgnoredReason): void {
    this.#count += 1
    if (this.#count > this.#limit)
      throw new MalformedStream(`It sent more than ${this.#limit} lines that were not asked for.`)
    if (this.#told.has(reason)) return
    this.#told.add(reason)
    this.#tell(id, reason)
  }
}

/**
 * Ends a reply in which no asked-for line (of a single answer: not all of it) has come for too long, whatever else
 * arrives. As each line may take that long at most, so is the whole limited. `rest` while the line is taken in: that time is ours.
 */
export class SilenceLimit {
  readonly #reply: IncomingMessage
  readonly #limitMs: number
  #timer: NodeJS.Timeout | undefined

  constructor(reply: IncomingMessage, limitMs: number) {
    this.#reply = reply
    this.#limitMs = limitMs
  }

  begin(): void {
    const fault = new EvaluatorSilent(`no whole answer came for ${this.#limitMs / 1000} s`, true)
    this.#timer = setTimeout(() => this.#reply.destroy(fault), this.#limitMs)
  }

  rest(): void {
    clearTimeout(this.#timer)
  }
}
