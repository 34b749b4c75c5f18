import { copyFail, parseStartup, type StartupParameters } from './wire-messages.ts'

/**
 * What a client asks for. A `turn` is everything up to the point where the client waits for the answer: the
 * backend is shared by all connections, so the parse, bind and execute of one query must reach it in one piece.
 */
export type ClientRequest =
  | { kind: 'encryption' }
  | { kind: 'cancel' }
  | { kind: 'startup'; parameters: StartupParameters }
  | { kind: 'turn'; bytes: Buffer; complete: boolean }
  | { kind: 'terminate' }

const SSL_REQUEST = 80_877_103
const GSS_REQUEST = 80_877_104
const CANCEL_REQUEST = 80_877_102
const MAX_MESSAGE_BYTES = 0x3fffffff // what PostgreSQL itself takes
const MAX_STARTUP_BYTES = 10_000 // as well

// Q simple query, F function call, S sync: the client waits for "ready". H flush: it waits for rows and goes on.
const ENDS_TURN = new Set(['Q', 'F', 'S', 'H'])

// Parse, bind, describe, execute, close; the parts of a COPY. The backend has no way out of any other message.
const CONTINUES_TURN = new Set(['P', 'B', 'D', 'E', 'C', 'd', 'c', 'f'])

// A COPY from the client would wait inside the backend for what only a later turn brings, and end it. Behind every
// statement stands its refusal; where no COPY is under way, the backend ignores that, as the protocol wants it.
const MAY_COPY = new Set(['Q', 'E'])
const REFUSED_COPY = copyFail('the embedded database takes no COPY from a client')

/** Cuts the bytes of one connection into requests. Throws on bytes that are not the protocol. */
export class MessageReader {
  #chunks: Buffer[] = []
  #bufferedBytes = 0
  #started = false
  #turn: Buffer[] = []

  push(chunk: Buffer): ClientRequest[] {
    this.#chunks.push(chunk)
    this.#bufferedBytes += chunk.length
    const requests: ClientRequest[] = []
    for (let message = this.#take(); message !== null; message = this.#take()) {
      const request = this.#started ? this.#typedRequest(message) : this.#startupRequest(message)
      if (request !== null) requests.push(request)
    }
    return requests
  }

  /** The next whole message, or null: a large one is joined only once, when its last byte has come. */
  #take(): Buffer | null {
    const lengthAt = this.#started ? 1 : 0
    if (this.#bufferedBytes < lengthAt + 4) return null
    const bytes = lengthAt + this.#peek(lengthAt + 4).readInt32BE(lengthAt)
    const most = this.#started ? MAX_MESSAGE_BYTES : MAX_STARTUP_BYTES
    if (bytes < lengthAt + 4 || bytes > most) throw new Error('invalid message length')
    if (this.#bufferedBytes < bytes) return null
    const all = this.#peek(bytes)
    this.#chunks =
      all.length > bytes ? [all.subarray(bytes), ...this.#chunks.slice(1)] : this.#chunks.slice(1)
    this.#bufferedBytes -= bytes
    return all.subarray(0, bytes)
  }

  /** Joins chunks until the first one holds that many bytes. */
  #peek(bytes: number): Buffer {
    const first = this.#chunks[0]
    if (first !== undefined && first.length >= bytes) return first
    const joined = Buffer.concat(this.#chunks)
    this.#chunks = [joined]
    return joined
  }

  #startupRequest(message: Buffer): ClientRequest {
    if (message.length < 8) throw new Error('invalid startup packet')
    const code = message.readInt32BE(4)
    if (code === SSL_REQUEST || code === GSS_REQUEST) return { kind: 'encryption' }
    if (code === CANCEL_REQUEST) return { kind: 'cancel' }
    if (code >> 16 !== 3) throw new Error('unknown protocol version')
    this.#started = true
    return { kind: 'startup', parameters: parseStartup(message) }
  }

  #typedRequest(message: Buffer): ClientRequest | null {
    const type = String.fromCharCode(message[0] ?? 0)
    if (type === 'X') return { kind: 'terminate' }
    if (!ENDS_TURN.has(type) && !CONTINUES_TURN.has(type)) throw new Error('unknown message type')
    this.#turn.push(message)
    if (MAY_COPY.has(type)) this.#turn.push(REFUSED_COPY)
    if (!ENDS_TURN.has(type)) return null
    const bytes = Buffer.concat(this.#turn)
    this.#turn = []
    return { kind: 'turn', bytes, complete: type !== 'H' }
  }
}
