import { MigrationRefused } from '#db/migrate.ts'
import { getSettingsOrExit } from '#lib/platform/env/env.ts'
import { databaseRefusal } from '#lib/platform/faults/database-refusal.ts'
import { InstallationRefused, openInstallation } from '#lib/platform/installation/open.ts'
import { StoreHangs } from '#lib/platform/installation/store-mark.ts'
import { openForReading, openObjectStore } from '#lib/platform/object-store/open.ts'

// The address comes by the environment, not as an argument: it may hold a password, and arguments are public.
const { databaseUrl, embeddedDatabase, dataDir, objectStoreUrl, acceptInstallation } = getSettingsOrExit()
if (databaseUrl === undefined) {
  console.error('Set DATABASE_URL; `npm start` migrates the embedded database by itself.')
  process.exit(2)
}
const objectStore = openObjectStore(objectStoreUrl)
const readStore = openForReading(objectStoreUrl)
try {
  await openInstallation({
    databaseUrl,
    dataDir,
    objectStore,
    readStore,
    accepted: acceptInstallation,
    say: (line) => console.log(line),
  })
} catch (error) {
  console.error(refusalOf(error))
  process.exitCode = 1
} finally {
  await objectStore.close()
  await readStore.close()
}

/** One line for the operator where it is theirs to mend; a stack where it is ours. */
function refusalOf(error: unknown): unknown {
  if (error instanceof InstallationRefused || error instanceof MigrationRefused) return error.message
  if (error instanceof StoreHangs) return `OBJECT_STORE_URL: ${error.message}`
  const refusal = embeddedDatabase ? null : databaseRefusal(error)
  return refusal === null ? error : `DATABASE_URL: ${refusal}`
}
