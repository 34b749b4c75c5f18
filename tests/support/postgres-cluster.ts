import { spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { endChild } from './child-process.ts'

export type PostgresCluster = { url: (database: string) => string; stop: () => Promise<void> }

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

  const child = spawn(
    path.join(bin, 'postgres'),
    ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'max_connections=200'],
    { ...account, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let said = ''
  child.stderr?.on('data', (text) => (said += text))
  const url = (database: string) => `postgresql://postgres@localhost/${database}?host=${folder}`
  const stop = async () => {
    await endChild(child, 'SIGINT') // its fast shutdown
    rmSync(folder, { recursive: true, force: true })
  }
  for (let attempt = 0; !(await accepts(url('postgres'))); attempt++) {
    if (child.exitCode !== null || attempt === 100) {
      await stop()
      throw new Error(`PostgreSQL did not start: ${said}`)
    }
    await delay(100)
  }
  return { url, stop }
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

/** PostgreSQL refuses to run as root: then it runs as its own user, or as nobody. */
function serverAccount(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const users = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const fields = users.find((line) => line.startsWith(`${name}:`))?.split(':')
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) }
  }
  throw new Error('PostgreSQL cannot run as root, and there is neither a user postgres nor nobody')
}
