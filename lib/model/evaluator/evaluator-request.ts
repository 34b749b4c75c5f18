import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'

/** Where an evaluator listens and the token that it shares with us. */
export type EvaluatorAddress = { url: string; token: string }

/** No answer. `connected`: the evaluator had taken the connection, so the request may be what ended it. */
export class EvaluatorSilent extends Error {
  override readonly name = 'EvaluatorSilent'
  readonly connected: boolean

  constructor(message: string, connected: boolean, cause?: unknown) {
    super(message, { cause })
    this.connected = connected
  }
}

/** A load balancer on the way answers sooner; a TCP connection that is not there yet by now will not come. */
const CONNECT_TIMEOUT_MS = 10_000

/**
 * Sends one request on a connection of its own and gives the reply's head; the body is still to be taken. A kept
 * connection would leave it open whether a lost request was ever seen.
 */
export function openReply(
  address: EvaluatorAddress,
  options: {
    method: 'GET' | 'POST'
    path: string
    body?: unknown
    idleTimeoutMs: number
    signal: AbortSignal
  },
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const target = new URL(options.path, address.url)
    const payload = options.body === undefined ? undefined : Buffer.from(JSON.stringify(options.body))
    const send = target.protocol === 'https:' ? requestHttps : requestHttp
    let connected = false
    const request = send(target, {
      method: options.method,
      agent: false,
      signal: options.signal,
      headers: {
        Authorization: `Bearer ${address.token}`,
        Connection: 'close',
        ...(payload === undefined
          ? {}
          : { 'Content-Type': 'application/json', 'Content-Length': payload.byteLength }),
      },
    })
    limitConnecting(request, () => {
      connected = true
      request.setTimeout(options.idleTimeoutMs, () =>
        request.destroy(new Error(`nothing was heard for ${options.idleTimeoutMs / 1000} s`)),
      )
    })
    request.on('response', resolve)
    request.on('error', (error) => reject(new EvaluatorSilent(reasonOf(error), connected, error)))
    request.end(payload)
  })
}

function limitConnecting(request: ClientRequest, onConnect: () => void): void {
  const timer = setTimeout(
    () => request.destroy(new Error('the connection was not taken')),
    CONNECT_TIMEOUT_MS,
  )
  request.on('socket', (socket) =>
    socket.once('connect', () => {
      clearTimeout(timer)
      onConnect()
    }),
  )
  request.on('close', () => clearTimeout(timer))
}

/** The whole body of a short reply as JSON; undefined where it is none. */
export async function readJson(reply: IncomingMessage, maxBytes: number): Promise<unknown> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of reply as AsyncIterable<Buffer>) {
    length += piece.length
    if (length > maxBytes) {
      reply.destroy()
      throw new EvaluatorSilent(`The reply has more than ${maxBytes} bytes.`, true)
    }
    pieces.push(piece)
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'))
  } catch {
    return undefined
  }
}

/** Words for operators: the error's code where it has one. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
