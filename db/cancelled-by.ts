import { connect } from 'node:net'
import { drizzle } from 'drizzle-orm/node-postgres'
import type { Pool, PoolClient, QueryConfig, QueryResult } from 'pg'

/** What drizzle needs of a pool, for a caller who may go away. */
export class CancellablePool {
  readonly #pool: Pool
  readonly #signal: AbortSignal

  constructor(pool: Pool, signal: AbortSignal) {
    this.#pool = pool
    this.#signal = signal
  }

  /** As the pool's own, but it rejects with the signal's reason, and the statement ends, once the signal aborts. */
  async query(config: QueryConfig, values?: unknown[]): Promise<QueryResult> {
    const signal = this.#signal
    signal.throwIfAborted()
    const client = await this.#connect(signal)
    let isOver = false
    return await new Promise((resolve, reject) => {
      const abandon = () => {
        isOver = true
        cancelStatement(client)
        client.release(true) // the connection's end takes the statement out of the embedded database's queue
        reject(signal.reason)
      }
      const settle = (error: Error | undefined, tell: () => void) => {
        if (isOver) return
        signal.removeEventListener('abort', abandon)
        client.release(error)
        tell()
      }
      signal.addEventListener('abort', abandon, { once: true })
      client.query(config, values).then(
        (result) => settle(undefined, () => resolve(result)),
        (error: Error) => settle(error, () => reject(error)),
      )
    })
  }

  /** A wait for a free connection ends with the signal; the connection that then comes goes back unused. */
  async #connect(signal: AbortSignal): Promise<PoolClient> {
    const connecting = this.#pool.connect()
    return await new Promise((resolve, reject) => {
      const leave = () => {
        reject(signal.reason)
        connecting.then(
          (client) => client.release(),
          () => undefined,
        )
      }
      signal.addEventListener('abort', leave, { once: true })
      connecting.then(
        (client) => {
          if (signal.aborted) return
          signal.removeEventListener('abort', leave)
          resolve(client)
        },
        (error: unknown) => {
          signal.removeEventListener('abort', leave)
          reject(error)
        },
      )
    })
  }
}

/** A database of drizzle on such a pool. */
export function drizzleCancelledBy(pool: Pool, signal: AbortSignal) {
  // Drizzle calls `query` alone as long as no transaction is asked for; those run on the pool itself.
  const db = drizzle(new CancellablePool(pool, signal) as unknown as Pool)
  const { session } = db._
  const prepare = session.prepareQuery.bind(session)
  session.prepareQuery = (...given) => {
    const prepared = prepare(...given)
    const execute = prepared.execute.bind(prepared)
    prepared.execute = (...values) => execute(...values).catch((error: unknown) => throwReason(signal, error))
    return prepared
  }
  return db
}

/** Drizzle takes every rejection for a failed query and names it with its values; a caller who has left is no failure. */
function throwReason(signal: AbortSignal, error: unknown): never {
  throw signal.aborted ? signal.reason : error
}

/** What the driver knows of its connection and its types leave out. */
type ConnectedClient = PoolClient & {
  host?: string
  port?: number
  processID?: number | null
  secretKey?: number | null
}

const CANCEL_REQUEST_CODE = 80877102
const CANCEL_MS = 5_000

/**
 * Asks the server to end what the connection is at: PostgreSQL would notice the closed connection only when it answers.
 * Best effort. Source: PostgreSQL 17, §53.2.8 and §53.7, CancelRequest.
 */
function cancelStatement(client: PoolClient): void {
  const { host, port, processID, secretKey } = client as ConnectedClient
  if (host === undefined || port === undefined || !processID || typeof secretKey !== 'number') return
  const message = Buffer.alloc(16)
  message.writeInt32BE(16, 0)
  message.writeInt32BE(CANCEL_REQUEST_CODE, 4)
  message.writeInt32BE(processID, 8)
  message.writeInt32BE(secretKey, 12)
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host)
  socket.setTimeout(CANCEL_MS, () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.end(message)
  socket.resume()
}
