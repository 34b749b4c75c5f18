import { migrateDatabase } from '#db/migrate.ts'
import { getSettings } from '#lib/platform/env/env.ts'

// The address comes by the environment, not as an argument: it may hold a password, and arguments are public.
const { databaseUrl } = getSettings()
if (databaseUrl === undefined) {
  console.error('Set DATABASE_URL; `npm start` migrates the embedded database by itself.')
  process.exit(2)
}
await migrateDatabase(databaseUrl)
