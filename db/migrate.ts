import path from 'node:path'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { Client } from 'pg'

const MIGRATION_LOCK = 7_203_141 // any number that nothing else locks

/**
 * Brings the database of an address to the newest schema. Each migration is one transaction together with its
 * entry in the journal, so a run that is killed is simply run again. Two at once wait for each other.
 */
export async function migrateDatabase(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    // The migrator takes no lock of its own. Ends with the connection.
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    await migrate(drizzle(client), { migrationsFolder: path.join(import.meta.dirname, '..', 'drizzle') })
  } finally {
    await client.end()
  }
}
