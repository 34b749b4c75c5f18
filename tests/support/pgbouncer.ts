import { type ChildProcess, spawn } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { endChild } from './child-process.ts'
import { freePort } from './free-port.ts'
import { type PostgresCluster, serverAccount } from './postgres-cluster.ts'
import { waitUntil } from './wait-until.ts'

export type PgBouncer = { url: (database: string) => string; stop: () => Promise<void> }

/** PgBouncer in transaction mode before a cluster: of one connection, any two transactions may have different ones there. */
export async function startPgBouncer(cluster: PostgresCluster, poolSize: number): Promise<PgBouncer> {
  const account = serverAccount() // it refuses to run as root
  const folder = mkdtempSync(path.join(tmpdir(), 'sr-pgbouncer-'))
  if (account) chownSync(folder, account.uid, account.gid)
  const port = await freePort()
  const users = path.join(folder, 'users.txt')
  const settings = path.join(folder, 'pgbouncer.ini')
  writeFileSync(users, '"postgres" ""\n', { mode: 0o644 })
  writeFileSync(
    settings,
    `[databases]
* = host=${path.dirname(cluster.socket)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${users}
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 100
`,
    { mode: 0o644 },
  )
  const child: ChildProcess = spawn('pgbouncer', [settings], {
    ...account,
    cwd: folder,
    env: { PATH: `${process.env.PATH}:/usr/sbin`, NODE_ENV: 'test' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr?.on('data', (text) => (said += text))
  const url = (database: string) => `postgresql://postgres@127.0.0.1:${port}/${database}`
  const stop = async () => {
    await endChild(child, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await waitUntil('PgBouncer answers', async () => {
      if (child.exitCode !== null) throw new Error(`PgBouncer ended: ${said}`)
      return await answers(url('postgres'))
    })
  } catch (error) {
    await stop()
    throw error
  }
  return { url, stop }
}

async function answers(url: string): Promise<boolean> {
  const client = new Client(url)
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}
