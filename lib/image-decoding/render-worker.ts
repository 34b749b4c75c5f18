import { serveTasks } from '#lib/process-pool/serve-tasks.ts'
import { encodeImage } from './encode-image.ts'
import { ImageRefused } from './image-refused.ts'
import type { RenderReply, RenderTask } from './render-image.ts'

/** The child process of `ImageRenderer`. */
serveTasks<RenderTask, RenderReply>(async ({ image, size }) => {
  try {
    return { status: 'ok', ...(await encodeImage(image, size)) }
  } catch (error) {
    if (error instanceof ImageRefused) return { status: 'refused', code: error.code, message: error.message }
    throw error
  }
})
