import { ProcessPool } from '#lib/process-pool/process-pool.ts'
import type { ImageRefusalCode } from './image-refused.ts'

export type ImageRendering = { bytes: Uint8Array; contentType: 'image/webp' | 'image/png' }

/** What the browser asks for: a small preview, or every pixel. */
export type RenderSize = 'thumbnail' | 'full'

export type RenderTask = { image: Uint8Array; size: RenderSize }
export type RenderReply =
  | ({ status: 'ok' } & ImageRendering)
  | { status: 'refused'; code: ImageRefusalCode; message: string }

export type RenderResult =
  | ({ status: 'ok' } & ImageRendering)
  | {
      status: 'refused'
      code: ImageRefusalCode | 'DECODE_TIMEOUT' | 'DECODE_CRASH' | 'STOPPING'
      message: string
    }

const DECODE_SECONDS = 10
/** 50 megapixels in colour with alpha at 16 bit, twice over. */
const MEMORY_LIMIT_BYTES = 1024 * 2 ** 20

export type RenderPoolOptions = {
  /** Folder of the checkout or of the installed service; the child's script is found below it, never bundled. */
  root: string
  size: number
  /** The child's environment: `PATH` and the like, no secrets. */
  environment: Record<string, string>
}

/**
 * Re-encodes images for people to look at, in child processes: what leaves has no metadata and nothing of the
 * upload but its pixels.
 */
export class ImageRenderer {
  private readonly pool: ProcessPool<RenderTask, RenderReply>

  constructor({ root, size, environment }: RenderPoolOptions) {
    this.pool = new ProcessPool({
      script: [root, 'lib', 'image-decoding', 'render-worker.ts'].join('/'),
      settings: {},
      memoryLimitBytes: MEMORY_LIMIT_BYTES,
      environment,
      limitDataPages: true,
      size,
    })
  }

  async render(image: Uint8Array, size: RenderSize, signal?: AbortSignal): Promise<RenderResult> {
    const outcome = await this.pool.run(
      { image, size },
      {
        deadlines: { firstStage: 'decode', seconds: { decode: DECODE_SECONDS } },
        ...(signal === undefined ? {} : { signal }),
        // A page of thumbnails waits behind the one image that a reviewer looks at.
        urgent: size === 'full',
      },
    )
    const refused = (
      code: 'DECODE_TIMEOUT' | 'DECODE_CRASH' | 'STOPPING',
      message: string,
    ): RenderResult => ({
      status: 'refused',
      code,
      message,
    })
    switch (outcome.kind) {
      case 'done':
        return outcome.value
      case 'timeout':
        return refused('DECODE_TIMEOUT', `decoding took more than ${DECODE_SECONDS} s`)
      case 'cancelled':
        return refused('STOPPING', 'nobody waits for the image any more')
      case 'failed':
        return refused('DECODE_CRASH', outcome.message)
      case 'memory':
        return refused('DECODE_CRASH', 'decoding needed too much memory')
      case 'crash':
        return refused('DECODE_CRASH', 'decoding ended its process')
    }
  }

  close(): Promise<void> {
    return this.pool.close()
  }
}
