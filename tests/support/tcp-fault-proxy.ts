import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type NetConnectOpts, type Server, type Socket } from 'node:net'

/** Stands between a client and a server and can refuse, end or freeze what goes through it. */
export class TcpFaultProxy {
  /** `frozen` takes connections and passes nothing on, as a machine that hangs or a network that swallows. */
  #state: 'open' | 'refusing' | 'frozen' = 'open'
  readonly #server: Server
  readonly #pairs = new Set<readonly [Socket, Socket]>()

  private constructor(target: NetConnectOpts) {
    this.#server = createServer((client) => this.#join(client, connect(target)))
  }

  static async start(target: NetConnectOpts): Promise<TcpFaultProxy> {
    const proxy = new TcpFaultProxy(target)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  refuse(): void {
    this.#state = 'refusing'
    this.cut()
  }

  freeze(): void {
    this.#state = 'frozen'
    for (const pair of this.#pairs) for (const socket of pair) socket.pause()
  }

  heal(): void {
    this.#state = 'open'
    for (const pair of this.#pairs) for (const socket of pair) socket.resume()
  }

  /** Ends every connection that is open now. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy()
  }

  async stop(): Promise<void> {
    this.cut()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #join(client: Socket, server: Socket): void {
    if (this.#state === 'refusing') {
      client.destroy()
      server.destroy()
      return
    }
    const pair = [client, server] as const
    this.#pairs.add(pair)
    for (const [from, to] of [pair, [server, client] as const]) {
      from.on('error', () => {})
      from.on('data', (bytes) => to.write(bytes))
      from.on('close', () => {
        to.destroy()
        this.#pairs.delete(pair)
      })
    }
    if (this.#state === 'frozen') for (const socket of pair) socket.pause()
  }
}
