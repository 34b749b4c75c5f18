import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'

/** The whole database, or a transaction on it: queries look the same on both. */
export type Database = Pick<
  NodePgDatabase,
  | 'select'
  | 'selectDistinct'
  | 'selectDistinctOn'
  | 'insert'
  | 'update'
  | 'delete'
  | 'execute'
  | 'transaction'
  | '$count'
  | 'with'
  | '$with'
>

/**
 * Opens a pool on a database address. Inside `db.transaction(async (tx) => …)` use `tx` alone: on the embedded
 * database all connections share one backend, and a query on the outer `db` waits for the open transaction for ever.
 */
export function openDatabase(
  url: string,
  options: { maxConnections?: number; onIdleError?: (error: Error) => void } = {},
): { db: NodePgDatabase; pool: Pool; close: () => Promise<void> } {
  const pool = new Pool({
    connectionString: url,
    max: options.maxConnections ?? 8,
    connectionTimeoutMillis: 10_000, // a pool held by others must answer 503, not hang
    idleTimeoutMillis: 30_000,
  })
  // Without a listener a database restart kills the process: idle connections report their end here.
  pool.on('error', (error) => options.onIdleError?.(error))
  // A connection in use listens only while a statement is under way: its end between two statements of a transaction
  // would kill the process too. The next statement fails and tells its caller.
  pool.on('connect', (client) => client.on('error', () => {}))
  return { db: drizzle(pool), pool, close: () => pool.end() }
}
