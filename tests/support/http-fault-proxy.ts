import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What becomes of one request. `cut` lets so many bytes of the reply through and ends the connection. */
export type HttpFault =
  | { kind: 'none' }
  | { kind: 'refuse' }
  | { kind: 'answer'; status: number; body: string; contentType?: string }
  | { kind: 'cut'; afterBytes: number }
  | { kind: 'delay'; ms: number }
  /** The request arrives, its reply never does, until the connection is given up or cut after so long. */
  | { kind: 'swallow'; ms: number }

/** Stands between an HTTP client and its server and does to each request what the test says. */
export class HttpFaultProxy {
  decide: (request: IncomingMessage, count: number) => HttpFault = () => ({ kind: 'none' })
  requestCount = 0
  readonly #server: Server
  readonly #target: URL

  private constructor(target: string) {
    this.#target = new URL(target)
    this.#server = createServer((incoming, reply) => this.#serve(incoming, reply))
  }

  static async start(target: string): Promise<HttpFaultProxy> {
    const proxy = new HttpFaultProxy(target)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  heal(): void {
    this.decide = () => ({ kind: 'none' })
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #serve(incoming: IncomingMessage, reply: ServerResponse): void {
    this.requestCount += 1
    const fault = this.decide(incoming, this.requestCount)
    if (fault.kind === 'refuse') {
      incoming.socket.destroy()
    } else if (fault.kind === 'answer') {
      incoming.resume()
      reply.writeHead(fault.status, { 'Content-Type': fault.contentType ?? 'text/html' }).end(fault.body)
    } else if (fault.kind === 'delay') {
      setTimeout(() => this.#forward(incoming, reply, fault), fault.ms)
    } else this.#forward(incoming, reply, fault)
  }

  #forward(incoming: IncomingMessage, reply: ServerResponse, fault: HttpFault): void {
    const onward = request({
      host: this.#target.hostname,
      port: this.#target.port,
      method: incoming.method,
      path: incoming.url,
      headers: incoming.headers, // the Host too: a signature covers it
    })
    let answered: IncomingMessage | undefined
    // Not after the end: Swift sends a body after a HEAD, and the connection may be serving the next request by then.
    const broken = () => {
      if (!reply.writableEnded && !answered?.complete) incoming.socket.destroy()
    }
    onward.on('error', broken)
    incoming.on('error', () => onward.destroy())
    reply.on('close', () => {
      if (!reply.writableEnded) onward.destroy()
    })
    onward.on('response', (answer) => {
      answered = answer
      answer.on('error', broken)
      if (fault.kind === 'swallow') {
        setTimeout(() => incoming.socket.destroy(), fault.ms)
        return
      }
      reply.writeHead(answer.statusCode ?? 502, answer.headers)
      if (fault.kind === 'cut') passSome(answer, reply, fault.afterBytes)
      else answer.pipe(reply)
    })
    incoming.pipe(onward)
  }
}

function passSome(answer: IncomingMessage, reply: ServerResponse, bytes: number): void {
  let left = bytes
  const cut = () => reply.socket?.destroy()
  answer.on('data', (chunk: Buffer) => {
    if (left <= 0) return
    const passed = chunk.subarray(0, left)
    left -= passed.length
    reply.write(passed, () => left <= 0 && cut())
  })
  answer.on('end', () => setImmediate(cut))
  if (bytes === 0) reply.write('', cut)
}
