import type { BoundedQueue, Turn } from '#lib/platform/concurrency/bounded-queue.ts'
import { ProcessPool, type RunOptions } from '#lib/platform/process-pool/process-pool.ts'
import { runWithSecondTry } from '#lib/platform/process-pool/run-with-second-try.ts'
import type { TaskOutcome } from '#lib/platform/process-pool/task-outcome.ts'
import type { ImageRendering, RenderSize } from './encode-image.ts'
import type { ImageRefusalCode } from './image-refused.ts'
import type { ModelInputPolicy, ModelInputRendering } from './model-input.ts'
import type { PerceptualHash } from './perceptual-hash.ts'
import { newRenderQueue } from './render-queue.ts'

export type RenderTask = { size: RenderSize }
export type RenderReply =
  | ({ status: 'ok' } & ImageRendering)
  | { status: 'refused'; code: ImageRefusalCode; message: string }

/** The same image as a model sees it: another question to the same children. */
export type ModelInputTask = { policy: ModelInputPolicy }
export type ModelInputReply =
  | ({ status: 'seen' } & ModelInputRendering)
  | Extract<RenderReply, { status: 'refused' }>

/** What it looks like, to find others like it. */
export type HashTask = { hash: true }
export type HashReply = ({ status: 'hashed' } & PerceptualHash) | Extract<RenderReply, { status: 'refused' }>

export type RendererTask = RenderTask | ModelInputTask | HashTask
export type RendererReply = RenderReply | ModelInputReply | HashReply

export type RenderRefusal = {
  status: 'refused'
  code: ImageRefusalCode | 'DECODE_TIMEOUT' | 'DECODE_CRASH' | 'DECODE_OOM' | 'STOPPING'
  message: string
}
export type RenderResult = ({ status: 'ok' } & ImageRendering) | RenderRefusal
export type ModelInputResult = ({ status: 'seen' } & ModelInputRendering) | RenderRefusal
export type HashResult = ({ status: 'hashed' } & PerceptualHash) | RenderRefusal

const DECODE_SECONDS = 10
/** The largest image, 50 megapixels in colour with alpha at 16 bit, takes 1,000 MB, and 1,300 where it is interlaced. */
const MEMORY_LIMIT_BYTES = 1536 * 2 ** 20

const OTHER_ANSWER = 'A child answered another question than it was asked.'

export type RenderPoolOptions = {
  /** Folder of the checkout or of the installed service; the child's script is found below it, never bundled. */
  root: string
  size: number
  /** The child's environment: `PATH` and the like, no secrets. */
  environment: Record<string, string>
  /** To decode one image; by default 10. */
  decodeSeconds?: number
}

/**
 * Re-encodes images for people to look at, in child processes: what leaves has no metadata and nothing of the
 * upload but its pixels. The same children say what an image looks like.
 */
export class ImageRenderer {
  private readonly pool: ProcessPool<RendererTask, RendererReply>

  private readonly queue: BoundedQueue

  private readonly decodeSeconds: number

  constructor({ root, size, environment, decodeSeconds }: RenderPoolOptions) {
    this.decodeSeconds = decodeSeconds ?? DECODE_SECONDS
    // Each child's next image is read while it decodes the one before.
    this.queue = newRenderQueue(2 * size)
    this.pool = new ProcessPool({
      script: [root, 'lib', 'imaging', 'decoding', 'render-worker.ts'].join('/'),
      settings: {},
      memoryLimitBytes: MEMORY_LIMIT_BYTES,
      environment,
      size,
    })
  }

  /** Reads and renders an image when its turn comes; throws UNAVAILABLE where too many wait already. */
  inTurn<T>(work: () => Promise<T>, turn: Turn): Promise<T> {
    return this.queue.run(work, turn)
  }

  async render(image: Uint8Array, size: RenderSize, signal?: AbortSignal): Promise<RenderResult> {
    // A page of thumbnails waits behind the one image that a reviewer looks at.
    const result = await this.ask(image, { size }, size === 'full', signal)
    if (result.status === 'ok' || result.status === 'refused') return result
    throw new Error(OTHER_ANSWER)
  }

  /** What a model with this card sees of the image. */
  async renderModelInput(
    image: Uint8Array,
    policy: ModelInputPolicy,
    signal?: AbortSignal,
  ): Promise<ModelInputResult> {
    const { input, preprocessing } = policy
    const result = await this.ask(image, { policy: { input, preprocessing } }, true, signal)
    if (result.status === 'seen' || result.status === 'refused') return result
    throw new Error(OTHER_ANSWER)
  }

  async hash(image: Uint8Array, signal?: AbortSignal): Promise<HashResult> {
    const result = await this.ask(image, { hash: true }, false, signal)
    if (result.status === 'hashed' || result.status === 'refused') return result
    throw new Error(OTHER_ANSWER)
  }

  private async ask(
    image: Uint8Array,
    task: RendererTask,
    urgent: boolean,
    signal?: AbortSignal,
  ): Promise<RenderResult | ModelInputResult | HashResult> {
    const options: RunOptions = {
      payload: image,
      deadlines: { firstStage: 'decode', seconds: { decode: this.decodeSeconds } },
      ...(signal === undefined ? {} : { signal }),
      urgent,
    }
    const run = (again: RendererTask, runOptions: RunOptions) => this.pool.run(again, runOptions)
    const outcome = await runWithSecondTry(run, task, options)
    return outcome.kind === 'done' ? outcome.value : explainLoss(outcome, this.decodeSeconds)
  }

  close(): Promise<void> {
    return this.pool.close()
  }
}

function explainLoss(
  outcome: Exclude<TaskOutcome<unknown>, { kind: 'done' }>,
  decodeSeconds: number,
): RenderRefusal {
  const refused = (code: RenderRefusal['code'], message: string): RenderRefusal => ({
    status: 'refused',
    code,
    message,
  })
  switch (outcome.kind) {
    case 'timeout':
      return refused('DECODE_TIMEOUT', `decoding took more than ${decodeSeconds} s`)
    case 'cancelled':
      return refused('STOPPING', 'no client waits for the image any more')
    case 'failed':
      return refused('DECODE_CRASH', outcome.message)
    case 'memory':
      return refused('DECODE_OOM', 'decoding needed too much memory twice')
    case 'crash':
      return refused('DECODE_CRASH', 'decoding ended its process twice')
  }
}
