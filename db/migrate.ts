import path from 'node:path'
import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { Client } from 'pg'

const MIGRATION_LOCK = 7_203_141 // any number that nothing else locks
/** How long another migration, or a query that uses a table, is waited for. */
const LOCK_WAIT_SECONDS = 120
const migrationsFolder = path.join(import.meta.dirname, '..', 'drizzle')

/** A database that cannot be brought to this release's schema: a text for the operator. */
export class MigrationRefused extends Error {}

type Transaction = Parameters<Parameters<NodePgDatabase['transaction']>[0]>[0]

/**
 * Brings the database of an address to the newest schema. All migrations that are missing and their entries in the
 * journal are one transaction, so a run that is killed is simply run again. Two at once wait for each other, by a lock
 * that ends with the transaction: it holds behind a connection pooler too.
 */
export async function migrateDatabase(
  databaseUrl: string,
  say: (line: string) => void = () => {},
  lockWaitSeconds = LOCK_WAIT_SECONDS,
): Promise<void> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {}) // the statement under way tells
  await client.connect()
  try {
    await drizzle(client).transaction(async (tx) => {
      await tx.execute(sql.raw(`set local lock_timeout = '${lockWaitSeconds}s'`))
      await tx.execute(sql`set local statement_timeout = 0`)
      await takeLock(tx, say, lockWaitSeconds)
      announceSteps(await countMissingSteps(tx), say)
      await migrate(tx, { migrationsFolder })
    })
  } catch (error) {
    throw isLockTimeout(error) ? lockRefusal(lockWaitSeconds) : error
  } finally {
    await client.end()
  }
}

async function takeLock(tx: Transaction, say: (line: string) => void, seconds: number): Promise<void> {
  const { rows } = await tx.execute(sql`select pg_try_advisory_xact_lock(${MIGRATION_LOCK}) as taken`)
  if (rows[0]?.taken === true) return
  say(`Waiting for another process that migrates this database, ${seconds} s at most …`)
  await tx.execute(sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`)
}

/**
 * How many steps a database in use lacks; 0 for a new one. There is no way back to an older schema: the older code would
 * read and write what it does not know.
 */
async function countMissingSteps(tx: Transaction): Promise<number> {
  const known = readMigrationFiles({ migrationsFolder }).map(({ folderMillis }) => folderMillis)
  const { rows: found } = await tx.execute(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as journal`,
  )
  if (found[0]?.journal !== true) return 0
  const { rows } = await tx.execute(
    sql`select max(created_at)::float8 as newest from drizzle.__drizzle_migrations`,
  )
  const newest = rows[0]?.newest
  if (typeof newest !== 'number') return 0
  if (newest > Math.max(...known))
    throw new MigrationRefused(
      'The database was used by a newer release. Start that release, or restore the backup that was made before the upgrade.',
    )
  return known.filter((at) => at > newest).length
}

/** A step may count all predictions once: the operator should not take that for a start that hangs. */
function announceSteps(steps: number, say: (line: string) => void): void {
  if (steps === 0) return
  say(
    `Updating the schema of the database (${steps} ${steps === 1 ? 'step' : 'steps'}); with millions of predictions this takes minutes. An interrupted update starts anew …`,
  )
}

function isLockTimeout(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if ('code' in cause && cause.code === '55P03') return true
  return false
}

function lockRefusal(seconds: number): MigrationRefused {
  return new MigrationRefused(
    `The schema could not be brought up to date within ${seconds} s: another process migrates this database or uses its tables. End it (see pg_stat_activity) and start again.`,
  )
}
