import { sql } from 'drizzle-orm'
import { type Logger, pino } from 'pino'
import { type Database, openDatabase } from '#db/client.ts'
import { installation } from '#db/schema/installation.ts'
import { getSettings, type Settings } from '#lib/platform/env/env.ts'
import type { ObjectStore } from '#lib/platform/object-store/object-store.ts'
import { openObjectStore } from '#lib/platform/object-store/open.ts'
import { DatabaseProbe } from './database-probe.ts'

/** A client waits for each answer: beyond this, "come back in a moment" serves them better. */
const REQUEST_PATIENCE = { connectMs: 1_500, statementMs: 30_000 }

/**
 * How long a database may leave the health check without an answer before it counts as away. The embedded one works on
 * one statement at a time, ours for two minutes at most; a server has a process for each connection.
 */
const HEALTH_PATIENCE_MS = { embedded: 120_000, server: 10_000 }

/** What a process of the service holds open: made once, closed at its end. */
export type Service = {
  settings: Settings
  db: Database
  databaseProbe: DatabaseProbe
  objectStore: ObjectStore
  logger: Logger
  close: () => Promise<void>
}

/** The bundler and plain Node load this module once each; both must share one pool. */
const holder = globalThis as { secondReaderService?: Service }

/** The services of this process, opened on first use (never while a page is built). */
export function getService(): Service {
  holder.secondReaderService ??= openService(getSettings())
  return holder.secondReaderService
}

function openService(settings: Settings): Service {
  if (settings.databaseUrl === undefined)
    throw new Error('No database: set DATABASE_URL, or use `npm start`, which starts the embedded one.')
  const logger = pino({ level: settings.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime })
  const database = openDatabase(settings.databaseUrl, {
    patience: REQUEST_PATIENCE,
    onIdleError: (error) => logger.warn({ error: error.message }, 'a database connection ended'),
  })
  const patienceMs = HEALTH_PATIENCE_MS[settings.embeddedDatabase ? 'embedded' : 'server']
  const health = openDatabase(settings.databaseUrl, {
    maxConnections: 1,
    patience: { connectMs: patienceMs, statementMs: patienceMs },
    onIdleError: (error) => logger.warn({ error: error.message }, 'the health connection ended'),
  })
  const databaseProbe = new DatabaseProbe(() => noteCheck(health.db))
  const objectStore = openObjectStore(settings.objectStoreUrl)
  return {
    settings,
    db: database.db,
    databaseProbe,
    objectStore,
    logger,
    close: async () => {
      delete holder.secondReaderService
      await Promise.allSettled([database.close(), health.close(), objectStore.close()])
    },
  }
}

/** A write: a database with a full disk still answers questions. */
function noteCheck(db: Database): Promise<unknown> {
  return db.update(installation).set({ checkedAt: sql`clock_timestamp()` })
}
