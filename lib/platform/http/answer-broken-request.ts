import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** Long enough for the reply to leave while the client still sends; then the connection is cut. */
const LINGER_MS = 2_000

const ANSWERS: Record<string, [status: number, code: string, message: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'HEADERS_TOO_LARGE', 'The headers of the request are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'REQUEST_TIMEOUT', 'The request took too long to arrive.'],
  BODY_TOO_SLOW: [408, 'REQUEST_TIMEOUT', 'The body of the request came too slowly: send it again.'],
}

/**
 * Answers a request that cannot be understood, or does not arrive, on its socket and closes it. Node's own answer has
 * no body, and is lost where the client is still sending.
 */
export function answerBrokenRequest(error: { code?: string | undefined }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const [status, code, message] = ANSWERS[error.code ?? ''] ?? [
    400,
    'BAD_REQUEST',
    'This is not a valid HTTP/1.1 request.',
  ]
  const requestId = randomUUID()
  const body = JSON.stringify({ error: { code, message, requestId } })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ]
  socket.on('error', () => undefined)
  socket.removeAllListeners('data') // the parser has given up; what comes is thrown away
  socket.resume()
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}
