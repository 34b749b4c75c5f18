import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '#db/client.ts'
import { readFolderMark, writeFolderMark } from '#db/installation-mark.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import { taskActor } from '#lib/platform/context.ts'
import { openForReading, openObjectStore } from '#lib/platform/object-store/open.ts'
import { createTestDatabase, type TestDatabase } from '#tests/support/test-database.ts'
import { anchorAuditHead } from './anchor-audit-head.ts'
import { openInstallation } from './open.ts'
import { verifyAuditLog } from './verify-audit-log.ts'

let folder: string
let closing: (() => Promise<void>)[]
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sr-installation-'))
  closing = []
})
afterEach(async () => {
  for (const close of closing.reverse()) await close()
  rmSync(folder, { recursive: true })
})

type Place = { database: TestDatabase; dataDir: string; storeDir: string }

/** Data folder and object store of one name; the databases are given. */
function placeOf(database: TestDatabase, name: string): Place {
  return { database, dataDir: folderOf(name), storeDir: folderOf(`${name}-store`) }
}

function folderOf(name: string): string {
  return mkdtempSync(path.join(folder, `${name}-`))
}

async function newDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase()
  closing.push(() => database.close())
  return database
}

async function start({ database, dataDir, storeDir }: Place, accepted: string[] = []): Promise<void> {
  const [objectStore, readStore] = [openObjectStore(`file:${storeDir}`), openForReading(`file:${storeDir}`)]
  const parts = { databaseUrl: database.url, dataDir, objectStore, readStore }
  await openInstallation({ ...parts, accepted, say: () => {} })
}

function dbOf(place: Place): ReturnType<typeof openDatabase>['db'] {
  const { db, close } = openDatabase(place.database.url, { maxConnections: 2 })
  closing.push(close)
  return db
}

async function refusalOf(place: Place): Promise<string> {
  const before = marksOf(place)
  const refusal = await start(place).then(
    () => 'it started',
    (error: Error) => error.message,
  )
  expect(marksOf(place)).toEqual(before)
  return refusal
}

function marksOf({ dataDir, storeDir }: Place): unknown[] {
  return [readFolderMark(dataDir), readFolderMark(storeDir)]
}

/** What the refusal tells the operator to start with. */
function remedyIn(refusal: string): string[] {
  return (/ACCEPT_INSTALLATION=(\S+)/.exec(refusal)?.[1] ?? '').split(',')
}

async function write(db: ReturnType<typeof dbOf>, objectId: string): Promise<void> {
  const context = { db, actor: taskActor('test'), now: new Date(0), requestId: 'r' }
  await db.transaction((tx) =>
    recordAuditEvent(tx, context, { action: 'dataset.register', objectType: 'dataset', objectId }),
  )
}

describe('a start', () => {
  it('marks data folder and object store at the first time, and goes on with them later', async () => {
    const place = placeOf(await newDatabase(), 'own')
    await start(place)
    const [inFolder, inStore] = marksOf(place)
    expect(inFolder).toMatchObject({ auditHead: { seq: 0 } })
    expect(inStore).toEqual(inFolder)
    await start(place)
    expect(marksOf(place)).toEqual([inFolder, inStore])
  })

  it('goes on where a start was killed between its marks', async () => {
    const place = placeOf(await newDatabase(), 'killed')
    await start(place)
    const [mark] = marksOf(place)
    rmSync(path.join(place.dataDir, 'installation.json'))
    await start(place)
    expect(marksOf(place)).toEqual([mark, mark])
  })

  it('waits for nothing while the object store is away, and marks it later', async () => {
    const place = placeOf(await newDatabase(), 'away')
    const away = { ...place, storeDir: path.join(folder, 'not mounted') }
    await start(away)
    await start(place)
    expect(readFolderMark(place.storeDir)).toEqual(readFolderMark(place.dataDir))
  })
})

describe('a start is refused, and changes nothing,', () => {
  it('on the data folder of another installation, until that is accepted', async () => {
    const [one, other] = [placeOf(await newDatabase(), 'one'), placeOf(await newDatabase(), 'other')]
    await start(one)
    await start(other)
    const swapped = { ...one, dataDir: other.dataDir }
    const foreign = readFolderMark(other.dataDir)?.installationId
    const refusal = await refusalOf(swapped)
    expect(refusal).toContain(`the data folder ${other.dataDir} to ${foreign}`)
    await start(swapped, remedyIn(refusal))
    expect(readFolderMark(other.dataDir)).toMatchObject({
      installationId: readFolderMark(one.storeDir)?.installationId,
    })
    const accepted = await dbOf(one).execute(sql`select actor_id, action from audit_events`)
    expect(accepted.rows).toEqual([{ actor_id: 'start', action: 'installation.accept' }])
    await start(swapped)
  })

  it('on the object store of another installation', async () => {
    const [one, other] = [placeOf(await newDatabase(), 'one'), placeOf(await newDatabase(), 'other')]
    await start(one)
    await start(other)
    expect(await refusalOf({ ...one, storeDir: other.storeDir })).toContain(
      `object store file:${other.storeDir}`,
    )
  })

  it('with an empty database beside an object store that was in use', async () => {
    const kept = placeOf(await newDatabase(), 'kept')
    await start(kept)
    const lost = { ...placeOf(await newDatabase(), 'lost'), storeDir: kept.storeDir }
    const db = dbOf(lost)
    await db.execute(sql`drop schema public cascade`)
    await db.execute(sql`drop schema drizzle cascade`)
    await db.execute(sql`create schema public`)
    const refusal = await refusalOf(lost)
    expect(refusal).toContain('The database is empty and belongs to no installation')
    const { rows } = await db.execute(sql`select to_regclass('users') is null as untouched`)
    expect(rows).toEqual([{ untouched: true }])
    await start(lost, remedyIn(refusal))
    await start(lost)
  })

  it('where a mark cannot be read', async () => {
    const place = placeOf(await newDatabase(), 'torn')
    await start(place)
    const file = path.join(place.dataDir, 'installation.json')
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, 40))
    await expect(start(place)).rejects.toThrow(`${file} is damaged`)
  })
})

describe('an audit log whose end is remembered beside the database', () => {
  let place: Place
  let db: ReturnType<typeof dbOf>
  beforeEach(async () => {
    place = placeOf(await newDatabase(), 'log')
    await start(place)
    db = dbOf(place)
    for (const id of ['1', '2', '3']) await write(db, id)
    await anchorAuditHead(db, place.dataDir)
  })

  /** The whole chain written anew, as by a person who may change everything in the database. */
  async function rewrite(ids: string[]): Promise<void> {
    await db.execute(sql`alter table audit_events disable trigger user`)
    await db.execute(sql`delete from audit_events`)
    await db.execute(sql`update audit_chain_head set seq = 0, hash = decode(repeat('00', 32), 'hex')`)
    await db.execute(sql`alter table audit_events enable trigger user`)
    for (const id of ids) await write(db, id)
  }

  it('moves on with the log', async () => {
    expect(readFolderMark(place.dataDir)).toMatchObject({ auditHead: { seq: 3 } })
    expect(await verifyAuditLog(db, place.dataDir)).toEqual({ ok: true, checked: 3 })
    await start(place)
  })

  it.each([
    ['has less events', ['1', '2'], 'once had 3'],
    ['was written anew with as many', ['1', '2', 'forged'], 'event 3 of the database is not the one'],
    ['was written anew with more', ['1', 'forged', '3', '4'], 'event 3 of the database is not the one'],
  ])('refuses the start on a database that %s, until it is accepted', async (_what, ids, fault) => {
    await rewrite(ids)
    await anchorAuditHead(db, place.dataDir)
    expect(await verifyAuditLog(db, place.dataDir)).toEqual({
      ok: false,
      checked: 2,
      firstBroken: { seq: 3, reason: 'NOT_AS_REMEMBERED' },
    })
    const refusal = await refusalOf(place)
    expect(refusal.toLowerCase()).toContain(fault)
    await start(place, remedyIn(refusal))
    expect(await verifyAuditLog(db, place.dataDir)).toMatchObject({ ok: true })
    await start(place)
  })

  it('is not replaced by the mark of another installation', async () => {
    const mark = readFolderMark(place.dataDir)
    if (mark === null) throw new Error('no mark')
    const foreign = { ...mark, installationId: '00000000-0000-4000-8000-000000000000' }
    writeFolderMark(place.dataDir, foreign)
    await write(db, '4')
    await anchorAuditHead(db, place.dataDir)
    expect(readFolderMark(place.dataDir)).toEqual(foreign)
  })
})
