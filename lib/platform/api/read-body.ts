import { ServiceError } from '#lib/platform/errors.ts'

/** The bytes of a body, counted while they arrive: `Content-Length` may lie or be missing. */
export async function readBody(
  request: Request,
  limitBytes: number,
  deadline?: AbortSignal,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of countedBody(request, limitBytes, deadline)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/**
 * The body's chunks; throws TOO_LARGE, and stops receiving, as soon as there are more bytes than allowed, and
 * REQUEST_TIMEOUT when the deadline is over before all are there.
 */
export async function* countedBody(
  request: Request,
  limitBytes: number,
  deadline?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (Number(request.headers.get('content-length')) > limitBytes) throw tooLarge(limitBytes)
  if (request.body === null) return
  let size = 0
  try {
    // Not cancelled when it is refused half-way: that would cut the connection before the reply is on it.
    for await (const chunk of untilDeadline(request.body, deadline)) {
      size += chunk.byteLength
      if (size > limitBytes) throw tooLarge(limitBytes)
      yield chunk
    }
  } catch (error) {
    if (error instanceof ServiceError) throw error
    // The client went away, or sent less than it announced: no fault of the service.
    throw new ServiceError('BAD_REQUEST', 'The body is incomplete.', { code: 'BODY_CUT_OFF', cause: error })
  }
}

async function* untilDeadline(
  body: ReadableStream<Uint8Array>,
  deadline: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  let giveUp: (error: ServiceError) => void = () => undefined
  const end = () => giveUp(tooLate())
  deadline?.addEventListener('abort', end, { once: true })
  const reader = body.getReader()
  // One promise for each chunk: a race against one that lasts would keep every chunk until its end.
  const next = () =>
    new Promise<Awaited<ReturnType<typeof reader.read>>>((resolve, reject) => {
      giveUp = reject
      reader.read().then(resolve, reject)
      if (deadline?.aborted) end()
    })
  try {
    for (let part = await next(); !part.done; part = await next()) yield part.value
  } finally {
    deadline?.removeEventListener('abort', end)
    reader.releaseLock()
  }
}

function tooLate(): ServiceError {
  return new ServiceError(
    'REQUEST_TIMEOUT',
    'The body took too long to arrive: send it again, or with an API key.',
  )
}

function tooLarge(limitBytes: number): ServiceError {
  return new ServiceError('TOO_LARGE', `The body is larger than ${limitBytes} bytes.`, {
    details: { limitBytes },
  })
}

/** Throws UNSUPPORTED_MEDIA_TYPE unless the body is of this type, UTF-8 where it is text, and not compressed. */
export function requireContentType(
  request: Request,
  wanted: 'application/json' | 'multipart/form-data',
): void {
  const header = request.headers.get('content-type') ?? ''
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim().toLowerCase())
  const charset = parameters.find((part) => part.startsWith('charset='))?.slice('charset='.length)
  const encoding = request.headers.get('content-encoding') ?? 'identity'
  if (type !== wanted)
    throw new ServiceError('UNSUPPORTED_MEDIA_TYPE', `Send the body as Content-Type: ${wanted}.`)
  if (charset !== undefined && charset.replaceAll('"', '') !== 'utf-8')
    throw new ServiceError('UNSUPPORTED_MEDIA_TYPE', 'Send text in UTF-8.')
  if (encoding !== 'identity')
    throw new ServiceError('UNSUPPORTED_MEDIA_TYPE', 'Send the body uncompressed, without Content-Encoding.')
}
