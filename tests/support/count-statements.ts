import type { Pool } from 'pg'
import type { Database } from '#db/client.ts'

/** How many statements `work` asks of the database; a transaction counts once. */
export async function countStatements(db: Database, work: () => Promise<unknown>): Promise<number> {
  const { $client: pool } = db as Database & { $client: Pool }
  let count = 0
  const add = () => {
    count += 1
  }
  pool.on('acquire', add) // each statement takes a connection of its own
  try {
    await work()
  } finally {
    pool.off('acquire', add)
  }
  return count
}
