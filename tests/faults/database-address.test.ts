import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '#db/client.ts'
import { migrateDatabase } from '#db/migrate.ts'
import { exited } from '#tests/support/child-process.ts'
import { freePort } from '#tests/support/free-port.ts'
import { type PgBouncer, startPgBouncer } from '#tests/support/pgbouncer.ts'
import { type PostgresCluster, startPostgresCluster } from '#tests/support/postgres-cluster.ts'

const MIGRATE = path.join(import.meta.dirname, '..', '..', 'scripts', 'migrate.ts')

let cluster: PostgresCluster
let folder: string
beforeAll(async () => {
  cluster = await startPostgresCluster()
  folder = mkdtempSync(path.join(tmpdir(), 'sr-address-'))
})
afterAll(async () => {
  await cluster?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function ask(statement: string): Promise<void> {
  const client = new Client(cluster.url('postgres'))
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

/** What the step of the start says that opens the database. */
async function migrate(address: string): Promise<{ exitCode: number | null; said: string }> {
  const env = {
    PATH: process.env.PATH ?? '',
    NODE_ENV: 'test' as const,
    DATABASE_URL: address,
    DATA_DIR: folder,
  }
  const child = spawn(process.execPath, [MIGRATE], { env, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (text) => (said += text))
  await exited(child)
  return { exitCode: child.exitCode, said: said.replace(/^.*(Warning|--trace-warnings).*\n/gm, '') }
}

describe('a server that cannot be used is named in one line, with the remedy and without the password,', () => {
  const listening: Server[] = []
  let socketFolder: string
  beforeAll(async () => {
    socketFolder = path.dirname(cluster.socket)
    const rules = path.join(socketFolder, 'data', 'pg_hba.conf')
    await ask(`create role reader login password 'right'`)
    await ask('create role guest login')
    writeFileSync(rules, `local all reader scram-sha-256\n${readFileSync(rules, 'utf8')}`)
    await ask('select pg_reload_conf()')
    await ask('create database for_guests')
  })
  afterAll(() => {
    for (const server of listening) server.close()
  })

  const at = (user: string, database: string, more = '') =>
    `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(socketFolder)}${more}`
  async function listen(server: Server): Promise<number> {
    listening.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }
  const web = () => createHttpServer((_request, response) => response.end('a page'))
  const rude = () => createServer((socket) => socket.destroy())

  it.each<[string, () => string | Promise<string>, RegExp]>([
    ['a wrong password', () => at('reader:canary', 'postgres'), /refuses the user or the password.*28P01/],
    ['no password', () => at('reader', 'postgres'), /asks for a password/],
    ['an unknown user', () => at('stranger:canary', 'postgres'), /refuses the user.*28000/],
    ['an unknown database', () => at('postgres:canary', 'nowhere'), /no such database.*3D000/],
    ['a user without rights', () => at('guest:canary', 'for_guests'), /may not make tables.*42501/],
    ['TLS where there is none', () => at('postgres:canary', 'postgres', '&sslmode=require'), /takes no TLS/],
    [
      'a certificate file that is missing',
      () => at('postgres:canary', 'postgres', '&sslrootcert=/nowhere.pem'),
      /certificate file/,
    ],
    ['a socket that is not there', () => 'postgresql://reader:canary@localhost/x?host=/nowhere', /no socket/],
    [
      'a port without a server',
      async () => `postgresql://reader:canary@127.0.0.1:${await freePort()}/x`,
      /no server listens.*ECONNREFUSED/,
    ],
    [
      'a host without an address',
      () => 'postgresql://reader:canary@nowhere.invalid/x',
      /name of the host is not known/,
    ],
    [
      'a web server',
      async () => `postgresql://reader:canary@127.0.0.1:${await listen(web())}/x`,
      /no PostgreSQL server|ended the connection/,
    ],
    [
      'a server that hangs up',
      async () => `postgresql://reader:canary@127.0.0.1:${await listen(rude())}/x`,
      /no PostgreSQL server|ended the connection/,
    ],
    ['a password that is not escaped', () => 'postgresql://reader:can@ary#1@db.example/x', /write @ as %40/],
  ])('%s', async (_what, address, remedy) => {
    const { exitCode, said } = await migrate(await address())
    expect(exitCode).toBe(1)
    expect(said).toMatch(remedy)
    expect(said).toContain('DATABASE_URL')
    expect(said).not.toMatch(/canary|ary#1|^\s+at /m)
  })
})

describe('behind PgBouncer in transaction mode', () => {
  let pooler: PgBouncer
  let url: string
  beforeAll(async () => {
    pooler = await startPgBouncer(cluster, 3)
    await ask('create database pooled')
    url = pooler.url('pooled')
  })
  afterAll(() => pooler?.stop())

  it('migrations work, several at once too, and leave no lock', async () => {
    await Promise.all([1, 2, 3].map(() => migrateDatabase(url)))
    await migrateDatabase(url)
    const { db, close } = openDatabase(url)
    const { rows } = await db.execute(sql`select 1 from pg_locks where locktype = 'advisory'`)
    await close()
    expect(rows).toEqual([])
  })

  it('transactions keep to themselves on more connections than the pooler has', async () => {
    const { db, close } = openDatabase(url)
    await db.execute(sql`create table counted (n integer)`)
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        db
          .transaction(async (tx) => {
            await tx.execute(sql`insert into counted values (${n})`)
            await tx.execute(sql`select pg_sleep(0.01)`)
            if (n % 2 === 1) throw new Error('as told')
          })
          .catch(() => undefined),
      ),
    )
    const { rows } = await db.execute(
      sql`select count(*)::integer as n, sum(n % 2)::integer as odd from counted`,
    )
    await close()
    expect(rows).toEqual([{ n: 20, odd: 0 }])
  })
})
