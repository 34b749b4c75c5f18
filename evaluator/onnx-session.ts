import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { ExecutionProvider } from '#lib/model/evaluator/evaluator-contract.ts'
import type { ModelCard } from '#lib/vocabulary/model-card.ts'
import { outputName } from './check-signature.ts'
import { ModelRefused } from './model-refused.ts'
import type { LoadableModel } from './worker-tasks.ts'

/** One process, one thread: on a CPU, sessions of one thread in several processes beat one of many threads. */
export function createSession(model: Uint8Array, provider: ExecutionProvider): Promise<InferenceSession> {
  // From memory, the runtime has no folder in which it could look for external data.
  return InferenceSession.create(model, {
    executionProviders: [provider],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  })
}

/** The bytes of a model file, or `ModelRefused` where they are not those that its name promises. */
export function readModelFile(model: LoadableModel): Buffer {
  const bytes = readFileSync(model.file)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  if (sha256 !== model.sha256)
    throw new ModelRefused(
      'HASH_MISMATCH',
      `the model's bytes have the SHA-256 ${sha256}, not ${model.sha256}`,
    )
  return bytes
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
    const file = readModelFile(model)
    await this.makeRoom(file.length)
    return { session: await createSession(file, this.provider), bytes: file.length }
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
