import { randomUUID } from 'node:crypto'
import { type Database, openDatabase } from '#db/client.ts'
import { readFolderMark, writeFolderMark } from '#db/installation-mark.ts'
import { migrateDatabase } from '#db/migrate.ts'
import { installation } from '#db/schema/installation.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import { taskActor } from '#lib/platform/context.ts'
import type { ObjectStore } from '#lib/platform/object-store/object-store.ts'
import { type Contradiction, findContradictions, type PlacedMark, refusalOf } from './judge.ts'
import { findAuditHead, findInstallationId, readIdentity } from './read-identity.ts'
import { readStoreMark, type StoreMark, writeStoreMark } from './store-mark.ts'

export type InstallationParts = {
  databaseUrl: string
  dataDir: string
  objectStore: ObjectStore
  /** The same, opened for reading: one that hangs must not hold the start. */
  readStore: ObjectStore
  /** The setting ACCEPT_INSTALLATION. */
  accepted: readonly string[]
  say: (line: string) => void
}

/** Database, data folder and object store do not belong together: a text for the operator. */
export class InstallationRefused extends Error {}

/**
 * Makes sure that the three belong to one installation, brings the database to the newest schema and marks what has no
 * mark yet. Throws `InstallationRefused` or `StoreHangs` before anything is changed.
 */
export async function openInstallation(parts: InstallationParts): Promise<void> {
  const { db, close } = openDatabase(parts.databaseUrl, { maxConnections: 1 })
  try {
    const inStore = await readStoreMark(parts.readStore)
    const marks = placedMarks(parts, inStore)
    const identity = await readIdentity(
      db,
      marks.map(({ mark }) => mark.auditHead.seq),
    )
    const contradictions = findContradictions(identity, marks)
    const refusal = refusalOf(contradictions, parts.accepted)
    if (refusal !== null) throw new InstallationRefused(refusal)
    await migrateDatabase(parts.databaseUrl, parts.say)
    await writeMarks(db, parts, { contradictions, storeIsAway: inStore === 'away' })
  } finally {
    await close()
  }
}

function placedMarks({ dataDir, objectStore }: InstallationParts, inStore: StoreMark): PlacedMark[] {
  const inFolder = readFolderMark(dataDir)
  return [
    ...(inFolder === null ? [] : [{ place: `the data folder ${dataDir}`, mark: inFolder }]),
    ...(typeof inStore === 'string'
      ? []
      : [{ place: `the object store ${objectStore.location}`, mark: inStore }]),
  ]
}

/** The database first: a start that is killed in between finds marks that are missing, and none that is wrong. */
async function writeMarks(
  db: Database,
  { dataDir, objectStore }: InstallationParts,
  found: { contradictions: readonly Contradiction[]; storeIsAway: boolean },
): Promise<void> {
  const installationId = await keepInstallationId(db, found.contradictions)
  const auditHead = await findAuditHead(db)
  if (auditHead === null) throw new Error('The audit chain has no head: the database is not migrated.')
  const mark = { installationId, auditHead }
  if (!found.storeIsAway) await writeStoreMark(objectStore, mark)
  writeFolderMark(dataDir, mark)
}

async function keepInstallationId(db: Database, accepted: readonly Contradiction[]): Promise<string> {
  return await db.transaction(async (tx) => {
    const fresh = { id: 1, installationId: randomUUID() }
    await tx.insert(installation).values(fresh).onConflictDoNothing()
    const installationId = (await findInstallationId(tx)) ?? fresh.installationId
    if (accepted.length > 0) {
      const context = { db: tx, actor: taskActor('start'), now: new Date(), requestId: randomUUID() }
      await recordAuditEvent(tx, context, {
        action: 'installation.accept',
        objectType: 'installation',
        objectId: installationId,
        after: { accepted: accepted.map(({ accept }) => accept), faults: accepted.map(({ fault }) => fault) },
      })
    }
    return installationId
  })
}
