import { serveTasks } from '#lib/platform/process-pool/serve-tasks.ts'
import { encodeImage } from './encode-image.ts'
import { ImageRefused } from './image-refused.ts'
import { renderModelInput } from './model-input.ts'
import { hashImage } from './perceptual-hash.ts'
import type { RendererReply, RendererTask } from './render-image.ts'

/** The child process of `ImageRenderer`. */
serveTasks<RendererTask, RendererReply>(async (task, image) => {
  try {
    if ('policy' in task) return { status: 'seen', ...(await renderModelInput(image, task.policy)) }
    if ('hash' in task) return { status: 'hashed', ...(await hashImage(image)) }
    return { status: 'ok', ...(await encodeImage(image, task.size)) }
  } catch (error) {
    if (error instanceof ImageRefused) return { status: 'refused', code: error.code, message: error.message }
    throw error
  }
})
