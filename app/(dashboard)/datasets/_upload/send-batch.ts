import { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import type { Batch } from './make-batches.ts'

export type BatchResult = {
  stored: number
  skipped: { file: string; code: string; detail: string | null }[]
  notes: { code: string; message: string }[]
}

/** Sends one request and tells how many bytes have left; `fetch` cannot tell. Throws `ApiFailure`, as `callApi`. */
export function sendBatch(
  dataset: string,
  batch: Batch<File>,
  options: { signal: AbortSignal; onProgress: (ratio: number) => void },
): Promise<BatchResult> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const cancel = () => request.abort()
    options.signal.addEventListener('abort', cancel)
    request.upload.onprogress = ({ loaded, total }) => options.onProgress(total === 0 ? 0 : loaded / total)
    request.onload = () => {
      if (request.status === 200) resolve(request.response as BatchResult)
      else reject(failureOf(request))
    }
    request.onerror = () => reject(notReached())
    request.onabort = () => reject(new DOMException('The upload was cancelled.', 'AbortError'))
    request.onloadend = () => options.signal.removeEventListener('abort', cancel)
    request.open('POST', `/api/datasets/${encodeURIComponent(dataset)}/images`)
    request.responseType = 'json'
    request.setRequestHeader('Accept', 'application/json')
    request.send(formOf(batch))
  })
}

function formOf(batch: Batch<File>): FormData {
  const form = new FormData()
  if (batch.findingClass !== null) form.set('findingClass', batch.findingClass)
  for (const { file, name } of batch.files) form.append('files', file, name)
  return form
}

function notReached(): ApiFailure {
  return new ApiFailure(0, {
    code: 'NOT_REACHED',
    message: 'The connection was lost, or a file changed during the upload.',
  })
}

function failureOf(request: XMLHttpRequest): ApiFailure {
  const error = (request.response as { error?: { code: string; message: string } } | null)?.error
  const message =
    request.status === 401
      ? 'Your session has ended. Sign in again in another tab, then go on here.'
      : (error?.message ?? `The service answered with status ${request.status}.`)
  return new ApiFailure(request.status, { ...error, code: error?.code ?? 'UNEXPECTED_REPLY', message })
}
