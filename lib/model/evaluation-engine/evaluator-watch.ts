import type { EvaluatorFault } from '#lib/model/evaluator/evaluator-client.ts'
import { isFault } from '#lib/model/evaluator/evaluator-client.ts'
import type { ExecutionProvider, ReadyReply } from '#lib/model/evaluator/evaluator-contract.ts'
import { providerChanged } from '#lib/model/evaluator/evaluator-stamp.ts'
import { RunFailure } from './run-failure.ts'

type Standing =
  | { kind: 'unknown' }
  | { kind: 'usable' }
  | { kind: 'away'; detail: string }
  | { kind: 'foreign'; provider: ExecutionProvider }

/** What a run knows of its evaluators: which can be asked, since when none can, and when that must end it. */
export class EvaluatorWatch {
  readonly #ask: (url: string) => Promise<ReadyReply | EvaluatorFault>
  readonly #provider: ExecutionProvider
  readonly #notice: (detail: string | null) => Promise<void>
  readonly #standings: Map<string, Standing>
  #noticed = false

  constructor(options: {
    urls: readonly string[]
    provider: ExecutionProvider
    ask: (url: string) => Promise<ReadyReply | EvaluatorFault>
    /** Shows why the run stands still; null when it goes on. */
    notice: (detail: string | null) => Promise<void>
  }) {
    this.#ask = options.ask
    this.#provider = options.provider
    this.#notice = options.notice
    this.#standings = new Map(options.urls.map((url) => [url, { kind: 'unknown' }]))
  }

  /** True when a request may be sent there. Asks it only after a fault: its answers show that it is well. */
  async isUsable(url: string): Promise<boolean> {
    if (this.#standings.get(url)?.kind === 'usable') return true
    const reply = await this.#ask(url)
    if (isFault(reply)) await this.#stand(url, { kind: 'away', detail: reply.detail })
    else if (reply.provider === null) await this.#stand(url, { kind: 'away', detail: reply.detail })
    else if (reply.provider !== this.#provider)
      await this.#stand(url, { kind: 'foreign', provider: reply.provider })
    else await this.#stand(url, { kind: 'usable' })
    return this.#standings.get(url)?.kind === 'usable'
  }

  async markAway(url: string, detail: string): Promise<void> {
    await this.#stand(url, { kind: 'away', detail })
  }

  /** A request broke there: it is asked how it stands before it gets another one. */
  async markDoubtful(url: string): Promise<void> {
    await this.#stand(url, { kind: 'unknown' })
  }

  async #stand(url: string, standing: Standing): Promise<void> {
    this.#standings.set(url, standing)
    const all = [...this.#standings.values()]
    const [foreign] = all.filter((each) => each.kind === 'foreign')
    if (foreign !== undefined && all.every((each) => each.kind === 'foreign')) {
      const { code, detail } = providerChanged(this.#provider, foreign.provider)
      throw new RunFailure(code, detail)
    }
    const stands = all.every((each) => each.kind === 'away' || each.kind === 'foreign')
    if (stands === this.#noticed) return
    this.#noticed = stands
    await this.#notice(stands && standing.kind === 'away' ? standing.detail : null)
  }
}
