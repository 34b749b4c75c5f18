import { sendForm } from '#app/_data/send-form.ts'
import type { UploadResult } from '#lib/data/dataset/schema.ts'
import type { Batch } from './make-batches.ts'

/** Sends one request and tells how much of it has left. Throws `ApiFailure`. */
export async function sendBatch(
  dataset: string,
  batch: Batch<File>,
  options: { signal: AbortSignal; onProgress: (ratio: number) => void },
): Promise<UploadResult> {
  const form = new FormData()
  if (batch.findingClass !== null) form.set('findingClass', batch.findingClass)
  for (const { file, name } of batch.files) form.append('files', file, name)
  const { body } = await sendForm('/api/datasets/{name}/images', { name: dataset }, form, options)
  return body
}
