import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { Pool, type PoolClient } from 'pg'
import { drizzleCancelledBy } from './cancelled-by.ts'

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

/** How long a client waits: for a free connection, and for one statement. */
export type Patience = { connectMs: number; statementMs: number }

/** A statement that works this long is none of ours: the server hangs, or the way to it swallows what is sent. */
const DEFAULT_PATIENCE: Patience = { connectMs: 10_000, statementMs: 120_000 }

/**
 * Opens a pool on a database address. Inside `db.transaction(async (tx) => …)` use `tx` alone: on the embedded
 * database all connections share one backend, and a query on the outer `db` waits for the open transaction for ever.
 */
export function openDatabase(
  url: string,
  options: { maxConnections?: number; patience?: Patience; onIdleError?: (error: Error) => void } = {},
): { db: NodePgDatabase; pool: Pool; close: () => Promise<void> } {
  const { connectMs, statementMs } = options.patience ?? DEFAULT_PATIENCE
  const pool = new Pool({
    connectionString: url,
    max: options.maxConnections ?? 8,
    connectionTimeoutMillis: connectMs,
    query_timeout: statementMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
  })
  // Without a listener a database restart kills the process: idle connections report their end here.
  pool.on('error', (error) => options.onIdleError?.(error))
  // A connection in use listens only while a statement is under way: its end between two statements of a transaction
  // would kill the process too. The next statement fails and tells its caller.
  pool.on('connect', (client) => client.on('error', () => {}))
  // One whose statement was given up still waits for its answer: no other request may get it.
  pool.on('release', (_error, client) => {
    if (!isReady(client)) void client.end().catch(() => undefined)
  })
  const db = drizzle(pool)
  db.transaction = (work, config) => transact(pool, work, config)
  origins.set(db, { db, pool })
  return { db, pool, close: () => pool.end() }
}

/** By a database or one made from it by `cancelledBy`: what it is a view of. */
const holder = globalThis as { secondReaderDatabases?: WeakMap<Database, { db: Database; pool: Pool }> }
holder.secondReaderDatabases ??= new WeakMap()
const origins = holder.secondReaderDatabases

/**
 * The same database for a caller who may go away: once the signal aborts, its statements reject with the signal's
 * reason, those that wait are taken out of the queue and those at work are ended. The signal of an earlier
 * `cancelledBy` no longer counts. Transactions run to their end, and inside one nothing is cancelled.
 */
export function cancelledBy(db: Database, signal: AbortSignal): Database {
  const origin = origins.get(db)
  if (origin === undefined) return db
  const cancellable = drizzleCancelledBy(origin.pool, signal)
  cancellable.transaction = (work, config) => transact(origin.pool, work, config)
  origins.set(cancellable, origin)
  return cancellable
}

/** The database itself, by which caches are kept, of one that `cancelledBy` made. */
export function originOf(db: Database): Database {
  return origins.get(db)?.db ?? db
}

type Transact = NodePgDatabase['transaction']

/**
 * Drizzle 0.45's own never gives a connection back whose `begin` fails: eight of those, and the pool is empty. One
 * whose `begin`, `commit` or `rollback` failed is ended, for its state is unknown.
 */
async function transact<T>(
  pool: Pool,
  work: Parameters<Transact>[0],
  config: Parameters<Transact>[1],
): Promise<T> {
  const client = await pool.connect()
  let ofWork: { error: unknown } | undefined
  const afterwards: (() => void)[] = []
  let result: unknown
  try {
    result = await drizzle(client).transaction(async (tx) => {
      try {
        return await work(keepForCommit(tx, afterwards))
      } catch (error) {
        ofWork = { error }
        throw error
      }
    }, config)
  } catch (error) {
    client.release(ofWork?.error !== error)
    throw error
  }
  client.release()
  for (const call of afterwards) callSafely(call)
  return result as T
}

/** What was written is there: a listener that fails is told of on standard error, and is no failure of the transaction. */
function callSafely(call: () => void): void {
  try {
    call()
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error))
  }
}

const committing = new WeakMap<Database, (() => void)[]>()

/** Notes where the calls of a transaction, and of those inside it, are kept until it is committed. */
function keepForCommit<T extends Database>(tx: T, afterwards: (() => void)[]): T {
  committing.set(tx, afterwards)
  const begin = tx.transaction.bind(tx)
  tx.transaction = (work, config) => begin((inner) => work(keepForCommit(inner, afterwards)), config)
  return tx
}

/** Calls once what the transaction wrote is there for others; at once outside of one, and never if it fails. */
export function afterCommit(db: Database, call: () => void): void {
  const afterwards = committing.get(db)
  if (afterwards === undefined) call()
  else afterwards.push(call)
}

/** The driver's types leave the field out. */
function isReady(client: PoolClient): boolean {
  return (client as PoolClient & { readyForQuery?: boolean }).readyForQuery !== false
}
