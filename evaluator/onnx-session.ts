import { statSync } from 'node:fs'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { ExecutionProvider } from '#lib/model/evaluator/evaluator-contract.ts'
import type { ModelCard } from '#lib/vocabulary/model-card.ts'
import { outputName } from './check-signature.ts'
import { requireHash } from './require-hash.ts'
import type { LoadableModel } from './worker-tasks.ts'

/**
 * A session of a model's bytes or of its file, which the runtime reads without a second copy in memory. One process, one
 * thread: on a CPU, sessions of one thread in several processes beat one of many threads.
 */
export function createSession(
  model: Uint8Array | string,
  provider: ExecutionProvider,
): Promise<InferenceSession> {
  const options: InferenceSession.SessionOptions = {
    executionProviders: [provider],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Else the runtime guesses between two formats by some letters, and may take the one that was not inspected.
    extra: { session: { load_model_format: 'ONNX' } },
  }
  return typeof model === 'string'
    ? InferenceSession.create(model, options)
    : InferenceSession.create(model, options)
}

export type Output = { values: Float32Array; dimensions: readonly number[] }

/** Runs one image through the model and returns the output that predictions are made of. Blocks this thread. */
export async function runSession(
  session: InferenceSession,
  card: ModelCard,
  tensor: Float32Array,
): Promise<Output> {
  const { name, channels, height, width } = card.input
  const wanted = outputName(card)
  const results = await session.run({ [name]: new Tensor('float32', tensor, [1, channels, height, width]) }, [
    wanted,
  ])
  const output = results[wanted]
  if (output === undefined || !(output.data instanceof Float32Array))
    throw new Error(`the output "${wanted}" is not float32`)
  return { values: output.data, dimensions: output.dims }
}

/** Enough for the version in production and its candidates; each costs its weights in every child. */
const KEPT_SESSIONS = 3

type KeptSession = { session: InferenceSession; bytes: number }

/** The sessions of this child, the least recently used of them given up first. */
export class SessionCache {
  private readonly sessions = new Map<string, KeptSession>()
  private readonly provider: ExecutionProvider
  private readonly budgetBytes: number

  /** `budgetBytes`: of all kept models' files together; the one in use may be larger. */
  constructor(provider: ExecutionProvider, budgetBytes = Number.POSITIVE_INFINITY) {
    this.provider = provider
    this.budgetBytes = budgetBytes
  }

  has(sha256: string): boolean {
    return this.sessions.has(sha256)
  }

  async get(model: LoadableModel): Promise<InferenceSession> {
    const kept = this.sessions.get(model.sha256) ?? (await this.open(model))
    this.sessions.delete(model.sha256)
    this.sessions.set(model.sha256, kept)
    return kept.session
  }

  private async open(model: LoadableModel): Promise<KeptSession> {
    const { size } = statSync(model.file)
    await this.makeRoom(size)
    requireHash(model)
    return { session: await createSession(model.file, this.provider), bytes: size }
  }

  /** Before the new session and not after it: the old and the new together may be more than the child may hold. */
  private async makeRoom(bytes: number): Promise<void> {
    for (const [sha256, oldest] of this.sessions) {
      const held = this.sessions.values().reduce((sum, kept) => sum + kept.bytes, bytes)
      if (this.sessions.size < KEPT_SESSIONS && held <= this.budgetBytes) return
      this.sessions.delete(sha256)
      await oldest.session.release()
    }
  }
}
