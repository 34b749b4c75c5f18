import { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import type { ApiForms } from '#lib/delivery/client/api-paths.ts'

type Options = { signal: AbortSignal; onProgress: (ratio: number) => void }

/** Sends a form and tells how much of it has left; `fetch` cannot tell. Throws `ApiFailure`, as the API client. */
export function sendForm<Path extends keyof ApiForms>(
  path: Path,
  inPath: ApiForms[Path]['inPath'],
  form: FormData,
  options: Options,
): Promise<{ status: number; body: ApiForms[Path]['reply'] }> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const cancel = () => request.abort()
    options.signal.addEventListener('abort', cancel)
    request.upload.onprogress = ({ loaded, total }) => options.onProgress(total === 0 ? 0 : loaded / total)
    request.upload.onload = () => options.onProgress(1)
    request.onload = () => {
      const { status, response } = request
      if (status >= 200 && status < 300) resolve({ status, body: response as ApiForms[Path]['reply'] })
      else reject(failureOf(status, response))
    }
    request.onerror = () =>
      reject(
        new ApiFailure(0, {
          code: 'NOT_REACHED',
          message: 'The connection was lost, or a file changed while it was read.',
        }),
      )
    request.onabort = () => reject(new DOMException('The upload was cancelled.', 'AbortError'))
    request.onloadend = () => options.signal.removeEventListener('abort', cancel)
    request.open('POST', addressOf(path, inPath))
    request.responseType = 'json'
    request.setRequestHeader('Accept', 'application/json')
    request.send(form)
  })
}

function addressOf(path: string, inPath: object): string {
  const values = new Map(Object.entries(inPath))
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values.get(name))))
}

/** No redirect to the sign-in: the chosen files would be lost. */
function failureOf(status: number, response: unknown): ApiFailure {
  const error = (response as { error?: { code: string; message: string; details?: unknown } } | null)?.error
  const message =
    status === 401
      ? 'Your session has ended. Sign in again in another tab, then go on here.'
      : (error?.message ?? `The service answered with status ${status}.`)
  return new ApiFailure(status, { ...error, code: error?.code ?? 'UNEXPECTED_REPLY', message })
}
