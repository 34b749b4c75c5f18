import { useEffect, useRef } from 'react'
import { contentAddress } from '../images/[id]/use-seen-by.ts'
import type { DatasetImage } from './trial.ts'

/** Gets the image of a dataset that the address names, once, as a lossless copy of its pixels. */
export function useDatasetImage(
  image: DatasetImage | null,
  handlers: { onFile: (file: File, image: DatasetImage) => void; onFailure: (reason: string) => void },
): void {
  const latest = useRef({ image, ...handlers })
  latest.current = { image, ...handlers }
  const id = image?.id
  useEffect(() => {
    const { image: wanted } = latest.current
    if (wanted === null || wanted.id !== id) return
    const waiting = new AbortController()
    getFile(wanted, waiting.signal).then(
      (file) => latest.current.onFile(file, wanted),
      (error: unknown) => waiting.signal.aborted || latest.current.onFailure(messageOf(error)),
    )
    return () => waiting.abort()
  }, [id])
}

async function getFile(image: DatasetImage, signal: AbortSignal): Promise<File> {
  const reply = await fetch(contentAddress(image.id, null), { signal })
  if (!reply.ok) {
    const body = await reply.json().catch(() => null)
    throw new Error(body?.error?.message ?? `The service answered with status ${reply.status}.`)
  }
  // The copy is a PNG, whatever the file is.
  return new File([await reply.blob()], image.name.replace(/\.[^.]+$/, '.png'))
}

function messageOf(error: unknown): string {
  if (error instanceof TypeError) return 'The service cannot be reached.'
  return error instanceof Error ? error.message : String(error)
}
