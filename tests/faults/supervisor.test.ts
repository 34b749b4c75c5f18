import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findFolderOwner } from '#db/embedded/folder-owner.ts'
import { exited } from '#tests/support/child-process.ts'
import {
  type Instance,
  type ProcessName,
  shellEnvironment,
  startInstance,
  startToEnd,
} from '#tests/support/instance.ts'
import { isAlive, waitUntil } from '#tests/support/wait-until.ts'

const NAMES: ProcessName[] = ['web', 'evaluator', 'database']
/** The service promises 5 s; a busy machine takes its time to run what it is to end. */
const SOON_MS = 20_000
const PROJECT = path.join(import.meta.dirname, '..', '..')

/** It stays in service, and says why it is slow. */
async function isBusy(instance: Instance): Promise<boolean> {
  const response = await fetch(`${instance.url}/api/health`)
  expect(response.status).toBe(200)
  const { status, dependencies } = await response.json()
  return status === 'degraded' && dependencies.database.status === 'busy'
}

function filesBelow(folder: string): number {
  if (!existsSync(folder)) return 0
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .length
}

function pidsOf(instance: Instance): number[] {
  return NAMES.map((name) => instance.pid(name))
}

describe('a running instance', () => {
  let instance: Instance
  beforeAll(async () => {
    instance = await startInstance({ env: { HEARTBEAT_SECONDS: '10' } })
  })
  afterAll(() => instance.stop())

  it.each(NAMES)('starts %s again when it is killed, and is healthy again', async (name) => {
    const before = instance.pid(name)
    instance.kill(name)
    await waitUntil(`${name} runs again`, () => instance.pid(name) !== before)
    await waitUntil('the instance is healthy', async () => {
      const response = await fetch(`${instance.url}/api/health`).catch(() => null)
      return response !== null && ((await response.json()) as { status: string }).status === 'ok'
    })
  })

  it('starts each process again that is stopped, and is healthy again', async () => {
    const before = pidsOf(instance)
    for (const name of NAMES) instance.kill(name, 'SIGSTOP')
    await waitUntil('all run again', () => pidsOf(instance).every((pid, at) => pid !== before[at]))
    for (const name of NAMES)
      expect(instance.output()).toContain(`${name} has given no sign of life for 10 s`)
    expect(before.filter(isAlive)).toEqual([])
    await waitUntil('the instance is healthy', instance.isHealthy)
  })

  it('leaves a database alone that works on a query for longer than that, and calls it busy', async () => {
    const before = instance.pid('database')
    const client = new Client(findFolderOwner(instance.dataDir)?.url)
    await client.connect()
    const query = client.query(`do $$
      declare begun timestamptz := clock_timestamp();
      begin
        while clock_timestamp() < begun + interval '15 s' loop end loop;
      end $$`)
    await waitUntil('health calls the database busy', () => isBusy(instance))
    await query
    await client.end()
    expect(instance.pid('database')).toBe(before)
    await waitUntil('the instance is healthy', instance.isHealthy)
  })

  it('starts a process again that does not come up at once', async () => {
    for (let times = 0; times < 3; times++) {
      const before = instance.pid('evaluator')
      instance.kill('evaluator')
      await waitUntil('the evaluator runs again', () => instance.pid('evaluator') !== before)
    }
    await waitUntil('the instance is healthy', instance.isHealthy)
    const pauses = [...instance.output().matchAll(/evaluator ended .* started again in ([\d.]+) s/g)].map(
      (match) => Number(match[1]),
    )
    expect(pauses.slice(-3)).toEqual([...pauses.slice(-3)].sort((a, b) => a - b))
    expect(pauses.at(-1)).toBeGreaterThan(pauses[0] ?? 0)
  })

  it('keeps its secrets for its owner alone', () => {
    for (const name of ['secret', 'evaluator-token']) {
      expect(statSync(path.join(instance.dataDir, name)).mode & 0o777).toBe(0o600)
    }
    expect(statSync(instance.dataDir).mode & 0o777).toBe(0o700)
  })

  it('lets a second one run beside it', async () => {
    const second = await startInstance()
    expect(await instance.isHealthy()).toBe(true)
    expect(await second.isHealthy()).toBe(true)
    await second.stop()
    expect(await instance.isHealthy()).toBe(true)
  })

  it('refuses a second one on its data folder, naming the owner', async () => {
    const { exitCode, said } = await startToEnd({
      DATA_DIR: instance.dataDir,
      PORT: '0',
      EVALUATOR_PORT: '0',
    })
    expect(exitCode).toBe(1)
    expect(said).toContain(`in use by process ${instance.pid('database')}`)
    expect(await instance.isHealthy()).toBe(true)
  })
})

it.each(['SIGINT', 'SIGTERM'] as const)('ends everything on %s, a stuck upload too', async (signal) => {
  const instance = await startInstance()
  const pids = pidsOf(instance)
  const upload = connect(Number(new URL(instance.url).port), '127.0.0.1')
  upload.on('error', () => {})
  upload.write(
    `POST /predict/ HTTP/1.1\r\nHost: ${new URL(instance.url).host}\r\nContent-Type: multipart/form-data; boundary=B\r\n` +
      'Content-Length: 1000\r\n\r\n--B\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nnever more',
  )
  const uploads = path.join(instance.dataDir, 'tmp', 'uploads')
  await waitUntil('the upload is under way', () => filesBelow(uploads) > 0)
  instance.supervisor.kill(signal)
  await exited(instance.supervisor)
  expect(instance.supervisor.exitCode).toBe(0)
  expect(pids.filter(isAlive)).toEqual([])
  upload.destroy()
  await instance.stop()
})

it('ends everything when the supervisor is killed, a database in a long query too', async () => {
  const instance = await startInstance()
  const pids = pidsOf(instance)
  const client = new Client(findFolderOwner(instance.dataDir)?.url)
  client.on('error', () => {})
  await client.connect()
  const query = client.query('select sum(n) from generate_series(1, 1e10) as n').catch(() => 'cut off')
  await waitUntil('the database is busy', () => isBusy(instance))
  instance.supervisor.kill('SIGKILL')
  await waitUntil('everything has ended', () => !pids.some(isAlive), SOON_MS)
  expect(await query).toBe('cut off')
  await instance.stop()
})

it('ends everything when npm is killed', async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'sr-npm-'))
  const env = shellEnvironment({ DATA_DIR: dataDir, PORT: '0', EVALUATOR_PORT: '0' }) as NodeJS.ProcessEnv
  const npm = spawn('npm', ['start'], { cwd: PROJECT, env, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  npm.stdout.on('data', (text) => (said += text))
  await waitUntil('npm start is ready', () => said.includes('Second Reader is ready'), 120_000)
  const pids = [...said.matchAll(/^\w+ is process (\d+)$/gm)].map((match) => Number(match[1]))
  expect(pids).toHaveLength(3)
  npm.kill('SIGKILL')
  await waitUntil('everything has ended', () => !pids.some(isAlive), SOON_MS)
  await waitUntil('the data folder is free', () => !/"pid"/.test(lockOf(dataDir)))
  rmSync(dataDir, { recursive: true })
})

function lockOf(dataDir: string): string {
  return spawnSync('cat', [path.join(dataDir, 'database.lock')], { encoding: 'utf8' }).stdout
}

describe('a start that cannot work', () => {
  let dataDir: string
  beforeAll(() => {
    dataDir = mkdtempSync(path.join(tmpdir(), 'sr-refused-'))
  })
  afterAll(() => rmSync(dataDir, { recursive: true }))

  it.each([
    ['PORT', 'eighty'],
    ['PORT', '70000'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['SECRET', 'short'],
    ['EVALUATOR_URLS', 'ftp://somewhere'],
    ['OBJECT_STORE_URL', 'https://bucket'],
    ['COMPATIBILITY_API', 'ajar'],
    ['DEMO', 'perhaps'],
    ['UPLOAD_LIMIT_MB', '-1'],
    ['EVALUATOR_WORKERS', '0'],
  ])('names %s when it is %j, and exits with 1', async (name, value) => {
    const { exitCode, said } = await startToEnd({ DATA_DIR: dataDir, [name]: value })
    expect(exitCode).toBe(1)
    expect(said).toContain(name)
  })

  it('names all wrong settings at once, and shows no secret', async () => {
    const { said } = await startToEnd({ DATA_DIR: dataDir, PORT: 'x', DEMO: 'x', SECRET: 'hunter2' })
    expect(said).toMatch(/PORT[\s\S]*SECRET[\s\S]*DEMO/)
    expect(said).not.toContain('hunter2')
  })

  it('demands a secret with a database of its own', async () => {
    const { exitCode, said } = await startToEnd({ DATA_DIR: dataDir, DATABASE_URL: 'postgresql://nowhere/x' })
    expect(exitCode).toBe(1)
    expect(said).toContain('SECRET is required with DATABASE_URL')
  })

  it('says that its port is in use before anything starts', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await waitUntil('the port is taken', () => other.listening)
    const { port } = other.address() as AddressInfo
    const { exitCode, said } = await startToEnd({ DATA_DIR: dataDir, PORT: String(port) })
    other.close()
    expect(exitCode).toBe(1)
    expect(said).toContain(`port ${port} of 127.0.0.1 is in use`)
    expect(said).not.toContain('is process')
  })

  it.each([
    ['is a file', () => path.join(dataDir, 'file')],
    ['lies below a file', () => path.join(dataDir, 'file', 'below')],
    ['is on a read-only file system', () => '/proc/second-reader'],
  ])('says that the data folder cannot be used when it %s', async (_, folder) => {
    writeFileSync(path.join(dataDir, 'file'), '')
    const { exitCode, said } = await startToEnd({ DATA_DIR: folder() })
    expect(exitCode).toBe(1)
    expect(said).toContain(`DATA_DIR ${folder()} cannot be used`)
  })
})
