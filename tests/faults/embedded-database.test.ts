import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findFolderOwner } from '#db/embedded/folder-owner.ts'
import { writeFolderMark } from '#db/installation-mark.ts'
import { migrateDatabase } from '#db/migrate.ts'
import { endChild, exited } from '#tests/support/child-process.ts'
import { type EmbeddedDatabase, startEmbeddedDatabase } from '#tests/support/embedded-database.ts'
import { mountSmallDisk } from '#tests/support/small-disk.ts'
import { isAlive, waitUntil } from '#tests/support/wait-until.ts'

const SERVER = path.join(import.meta.dirname, '..', '..', 'db', 'embedded', 'server.ts')
const WRITER = path.join(import.meta.dirname, '..', 'support', 'write-acknowledged.ts')

let dataDir: string
let running: EmbeddedDatabase[]

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'sr-embedded-'))
  running = []
})
afterEach(async () => {
  for (const database of running) await endChild(database.child, 'SIGKILL')
  rmSync(dataDir, { recursive: true, force: true })
})

async function start(folder = dataDir): Promise<EmbeddedDatabase> {
  const database = await startEmbeddedDatabase(folder)
  running.push(database)
  return database
}

async function kill(database: EmbeddedDatabase): Promise<void> {
  database.child.kill('SIGKILL')
  await exited(database.child)
}

async function ask<Row>(url: string, statement: string): Promise<Row[]> {
  const client = new Client(url)
  await client.connect()
  try {
    return (await client.query(statement)).rows as Row[]
  } finally {
    await client.end()
  }
}

it('refuses a second start on the same folder, naming the owner', async () => {
  const database = await start()
  const second = spawnSync(process.execPath, [SERVER, dataDir], { encoding: 'utf8' })
  expect(second.status).toBe(3)
  expect(second.stderr).toContain(`in use by process ${database.child.pid}`)
  expect(await ask(database.url, 'select 1 as one')).toEqual([{ one: 1 }])
})

it('takes over from an owner that was killed, and lets only one of several do so', async () => {
  await kill(await start())
  expect(findFolderOwner(dataDir)).not.toBeNull()
  const outcomes = await Promise.allSettled([start(), start(), start()])
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected'])
})

it('does not take a living process that got the pid of a killed owner for the owner', async () => {
  await kill(await start())
  const left = { pid: process.pid, url: 'postgresql://gone', startedAt: new Date(0).toISOString() }
  writeFileSync(path.join(dataDir, 'database.lock'), JSON.stringify(left))
  const database = await start()
  expect(findFolderOwner(dataDir)?.pid).toBe(database.child.pid)
})

it('keeps every acknowledged write when it is killed ten times under load', async () => {
  let database = await start()
  await ask(database.url, 'create table acknowledged (n integer primary key, filler text)')
  const acknowledged = new Set<number>()
  for (let round = 0; round < 10; round++) {
    const writer = fork(WRITER, [database.url, String(round * 1_000_000)])
    writer.on('message', (n) => acknowledged.add(n as number))
    const some = acknowledged.size + 1 + 7 * round // elsewhere in its work each time
    await waitUntil('some more writes are acknowledged', () => acknowledged.size >= some)
    await kill(database)
    await exited(writer)
    database = await start()
    const kept = await ask<{ n: number }>(database.url, 'select n from acknowledged')
    const found = new Set(kept.map(({ n }) => n))
    expect([...acknowledged].filter((n) => !found.has(n))).toEqual([])
  }
  expect(acknowledged.size).toBeGreaterThan(300)
  await ask(database.url, 'reindex table acknowledged') // a torn page would show here
})

it('F15: keeps every acknowledged write when its disk is full, and goes on when there is room again', async () => {
  const unmount = mountSmallDisk(dataDir, 160 * 1024)
  try {
    const ballast = path.join(dataDir, 'ballast')
    let database = await start()
    await ask(database.url, 'create table acknowledged (n integer primary key, filler text)')
    writeFileSync(ballast, Buffer.alloc(statfsSync(dataDir).bavail * statfsSync(dataDir).bsize - 4_000_000))
    const writer = fork(WRITER, [database.url, '0'])
    const acknowledged: number[] = []
    writer.on('message', (n) => acknowledged.push(n as number))
    await exited(writer) // it ends with the first write that fails
    expect(acknowledged.length).toBeGreaterThan(100)
    await endChild(database.child, 'SIGKILL')
    rmSync(ballast)
    database = await start()
    const kept = await ask<{ n: number }>(database.url, 'select n from acknowledged')
    const found = new Set(kept.map(({ n }) => n))
    expect(acknowledged.filter((n) => !found.has(n))).toEqual([])
    await ask(database.url, 'reindex table acknowledged')
    await database.stop()
  } finally {
    unmount()
  }
})

describe('a disk without room for another file', () => {
  let unmount: (() => void) | undefined
  beforeEach(() => {
    unmount = mountSmallDisk(dataDir, 400 * 1024, 4000)
  })
  afterEach(() => unmount?.())

  /** Fills the disk with empty files; gives back how to remove them. */
  function fillInodes(): () => void {
    const filler = path.join(dataDir, 'filler')
    mkdirSync(filler)
    const { ffree } = statfsSync(dataDir)
    for (let n = 0; n < ffree; n++) writeFileSync(path.join(filler, String(n)), '')
    return () => rmSync(filler, { recursive: true })
  }

  it.each([
    ['a new table', 'create table added (n integer)'],
    ['a table that grew an index', 'create index added on filled (n)'],
    ['a table that was emptied', 'truncate filled'],
  ])('ends the database, and %s is written when there is room again', async (_what, statement) => {
    let database = await start()
    await ask(database.url, 'create table filled (n integer)')
    await ask(database.url, 'insert into filled select generate_series(1, 1000)')
    const makeRoom = fillInodes()
    await expect(ask(database.url, statement)).rejects.toMatchObject({ code: '53100' })
    await exited(database.child)
    expect(database.child.exitCode).toBe(1)
    makeRoom()
    database = await start()
    await ask(database.url, statement)
    await ask(database.url, 'insert into filled values (0)')
    expect(await ask(database.url, 'select count(*)::integer as n from filled where n = 0')).toEqual([
      { n: 1 },
    ])
    await database.stop()
  })
})

it('starts again after a first start that was killed half-way', async () => {
  const child = fork(SERVER, [dataDir], { silent: true })
  await waitUntil('its files are being made', () => existsSync(path.join(dataDir, 'database', 'unfinished')))
  child.kill('SIGKILL')
  await exited(child)
  const database = await start()
  expect(await ask(database.url, 'select 1 as one')).toEqual([{ one: 1 }])
})

describe('a data folder whose database is not whole', () => {
  const files = () => path.join(dataDir, 'database', 'files')

  beforeEach(async () => {
    const database = await start()
    await ask(database.url, 'create table kept (n integer)')
    await database.stop()
  })

  /** Content and time of every file: a refused start must not have touched one. */
  function shapeOf(folder: string): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => `${file} ${statSync(file).size} ${statSync(file).mtimeMs}`)
      .sort()
  }

  function refusal(...accepted: string[]): string {
    const ended = spawnSync(process.execPath, [SERVER, dataDir, ...accepted], { encoding: 'utf8' })
    expect(ended.status).toBe(3)
    return ended.stderr
  }

  it('is refused without its PG_VERSION, and opened when it is there again', async () => {
    renameSync(path.join(files(), 'PG_VERSION'), path.join(dataDir, 'PG_VERSION'))
    const before = shapeOf(files())
    expect(refusal()).toMatch(/PG_VERSION is missing[\s\S]*from a backup/)
    expect(shapeOf(files())).toEqual(before)
    renameSync(path.join(dataDir, 'PG_VERSION'), path.join(files(), 'PG_VERSION'))
    const database = await start()
    expect(await ask(database.url, 'select * from kept')).toEqual([])
  })

  it('is refused where only a part was copied', () => {
    for (const name of readdirSync(files()))
      if (name !== 'base') rmSync(path.join(files(), name), { recursive: true })
    const before = shapeOf(files())
    expect(refusal()).toContain('holds a part of a database')
    expect(shapeOf(files())).toEqual(before)
  })

  it('is refused where the database was deleted and the installation was not, until that is accepted', async () => {
    const installationId = '6f1c3a52-0000-4000-8000-000000000000'
    writeFolderMark(dataDir, { installationId, auditHead: { seq: 7, hash: 'ab'.repeat(32) } })
    for (const lost of [files(), path.join(dataDir, 'database')]) {
      rmSync(lost, { recursive: true, force: true })
      expect(refusal()).toContain(`ACCEPT_INSTALLATION=${installationId}`)
      expect(existsSync(lost)).toBe(false)
    }
    const database = await startEmbeddedDatabase(dataDir, [installationId])
    running.push(database)
    expect(await ask(database.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('is made where the folder is there and empty', async () => {
    rmSync(files(), { recursive: true })
    mkdirSync(files())
    const database = await start()
    expect(await ask(database.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })
})

it('migrates to the end after migrations that were killed', async () => {
  const database = await start()
  const script = path.join(import.meta.dirname, '..', '..', 'scripts', 'migrate.ts')
  // Its schema comes in one transaction, which shows nothing of how far it is: only time finds points within it.
  for (const pause of [150, 250, 350, 450]) {
    const child = fork(script, [], {
      env: { ...process.env, DATABASE_URL: database.url, DATA_DIR: dataDir },
      silent: true,
    })
    await delay(pause)
    child.kill('SIGKILL')
    await exited(child)
  }
  await migrateDatabase(database.url)
  expect(await ask(database.url, 'select count(*)::int as runs from evaluation_runs')).toEqual([{ runs: 0 }])
})

it('ends by itself when its parent is killed', async () => {
  const parentScript = `
    const { fork } = require('node:child_process')
    const database = fork(${JSON.stringify(SERVER)}, [${JSON.stringify(dataDir)}])
    database.once('message', () => process.send(database.pid))
  `
  const script = path.join(dataDir, 'parent.cjs')
  writeFileSync(script, parentScript)
  const parent = fork(script)
  const [pid] = (await once(parent, 'message')) as [number]
  parent.kill('SIGKILL')
  await waitUntil('the database has ended', () => !isAlive(pid))
  await start() // and what it left is whole
})

it('closes cleanly on SIGTERM and leaves neither lock nor socket', async () => {
  const database = await start()
  await database.stop()
  expect(database.child.exitCode).toBe(0)
  expect(findFolderOwner(dataDir)).toBeNull()
  expect(existsSync(path.join(dataDir, 'database', '.s.PGSQL.5432'))).toBe(false)
})

it('works in a folder whose path is longer than a socket may have, and lets no other user in', async () => {
  const long = path.join(dataDir, 'a'.repeat(120))
  mkdirSync(long)
  const database = await start(long)
  expect(await ask(database.url, 'select 1 as one')).toEqual([{ one: 1 }])
  const socketFolder = new URL(database.url).searchParams.get('host') ?? ''
  expect(statSync(socketFolder).mode & 0o077).toBe(0)
  expect(statSync(path.join(long, 'database')).mode & 0o077).toBe(0)
  await database.stop()
  expect(existsSync(socketFolder)).toBe(false)
})

it('outlives a client that copies into a table, and one that sends what is no message', async () => {
  const { url } = await start()
  await ask(url, 'create table copied (n integer)')
  await expect(ask(url, 'copy copied from stdin')).rejects.toMatchObject({ code: '57014' })

  const client = new Client(url)
  client.on('error', () => {})
  await client.connect()
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection
  const closed = once(stream, 'close')
  stream.write(Buffer.from('y\0\0\0\x04S\0\0\0\x04', 'latin1'))
  await closed
  expect(await ask(url, 'select count(*)::integer as n from copied')).toEqual([{ n: 0 }])
})
