import { MigrationRefused } from '#db/migrate.ts'
import { getSettings } from '#lib/platform/env/env.ts'
import { InstallationRefused, openInstallation } from '#lib/platform/installation/open.ts'
import { openObjectStore } from '#lib/platform/object-store/open.ts'

// The address comes by the environment, not as an argument: it may hold a password, and arguments are public.
const { databaseUrl, dataDir, objectStoreUrl, acceptInstallation } = getSettings()
if (databaseUrl === undefined) {
  console.error('Set DATABASE_URL; `npm start` migrates the embedded database by itself.')
  process.exit(2)
}
const objectStore = openObjectStore(objectStoreUrl)
try {
  await openInstallation({
    databaseUrl,
    dataDir,
    objectStore,
    accepted: acceptInstallation,
    say: (line) => console.log(line),
  })
} catch (error) {
  if (!(error instanceof InstallationRefused || error instanceof MigrationRefused)) throw error
  console.error(error.message)
  process.exitCode = 1
} finally {
  await objectStore.close()
}
