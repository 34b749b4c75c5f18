import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { migrateDatabase } from '#db/migrate.ts'
import { endChild } from './child-process.ts'

export type PostgresCluster = {
  url: (database: string) => string
  /** A new, migrated database on it. */
  createDatabase: () => Promise<string>
  /** Where it listens, for what stands between it and its clients. */
  socket: string
  /** Ends at once without writing anything more (`pg_ctl stop -m immediate`). */
  crash: () => Promise<void>
  /** Starts it again on what a crash has left. */
  start: () => Promise<void>
  stop: () => Promise<void>
}

/** A PostgreSQL server of the tests' own: temporary, on a unix socket, gone at the end. */
export async function startPostgresCluster(): Promise<PostgresCluster> {
  const bin = findPostgresBinaries()
  const account = serverAccount()
  const folder = mkdtempSync(path.join(tmpdir(), 'sr-postgres-'))
  if (account) chownSync(folder, account.uid, account.gid)
  const data = path.join(folder, 'data')
  const made = spawnSync(
    path.join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale'],
    { ...account, cwd: folder, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)

  const url = (database: string) => `postgresql://postgres@localhost/${database}?host=${folder}`
  let child: ChildProcess
  const start = async () => {
    child = await launch(path.join(bin, 'postgres'), { account, folder, url: url('postgres') })
  }
  await start().catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true })
    throw error
  })
  return {
    url,
    createDatabase: () => createDatabase(url),
    socket: path.join(folder, '.s.PGSQL.5432'),
    crash: () => endChild(child, 'SIGQUIT'), // its immediate shutdown
    start,
    stop: async () => {
      await endChild(child, 'SIGINT') // its fast shutdown
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function launch(
  program: string,
  { account, folder, url }: { account: ReturnType<typeof serverAccount>; folder: string; url: string },
): Promise<ChildProcess> {
  const child = spawn(
    program,
    ['-D', path.join(folder, 'data'), '-k', folder, '-c', 'listen_addresses=', '-c', 'max_connections=200'],
    { ...account, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let said = ''
  child.stderr?.on('data', (text) => (said += text))
  for (let attempt = 0; !(await accepts(url)); attempt++) {
    if (child.exitCode !== null || attempt === 300) {
      await endChild(child, 'SIGINT')
      throw new Error(`PostgreSQL did not start: ${said}`)
    }
    await delay(100)
  }
  return child
}

async function createDatabase(url: (database: string) => string): Promise<string> {
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`
  const client = new Client(url('postgres'))
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  await migrateDatabase(url(name))
  return name
}

async function accepts(url: string): Promise<boolean> {
  const client = new Client(url)
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}

/** Debian keeps the server's binaries off the path, one folder for each version; the newest is taken. */
function findPostgresBinaries(): string {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const folders = versions.map((version) => path.join(debian, version, 'bin'))
  folders.push(...(process.env.PATH ?? '').split(path.delimiter))
  const found = folders.find((folder) => existsSync(path.join(folder, 'initdb')))
  if (found === undefined) throw new Error('PostgreSQL is not installed: apt-get install postgresql')
  return found
}

/** PostgreSQL refuses to run as root: then it runs as its own user, or as `nobody`. */
export function serverAccount(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const fields = users.find((line) => line.startsWith(`${name}:`))?.split(':')
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) }
  }
  throw new Error('PostgreSQL cannot run as root, and there is neither a user "postgres" nor "nobody"')
}
