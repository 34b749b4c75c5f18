import { childEnvironment } from '#lib/platform/env/env.ts'
import { ImageRenderer } from './render-image.ts'

/** One for a page of thumbnails, one for the image that a person looks at. */
const RENDERERS = 2

/** The bundler and plain Node load this module once each; both must share one pool. */
const holder = globalThis as { secondReaderRenderer?: ImageRenderer }

/** The children of this process that decode images for people to look at; started by the first who looks. */
export function getImageRenderer(): ImageRenderer {
  holder.secondReaderRenderer ??= new ImageRenderer({
    root: process.cwd(),
    size: RENDERERS,
    environment: childEnvironment(),
  })
  return holder.secondReaderRenderer
}

/** Ends the children, if any were started. */
export async function closeImageRenderer(): Promise<void> {
  const renderer = holder.secondReaderRenderer
  delete holder.secondReaderRenderer
  await renderer?.close()
}
