import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { credentialsPath, readCredentials } from '#lib/platform/auth/write-first-credentials.ts'
import { formatCommaList } from '#lib/platform/env/setting-field.ts'
import type { Environment } from './connect.ts'
import { NotDone } from './exit-code.ts'
import { openServiceClient, type ServiceClient } from './service-client.ts'

const START = path.join(import.meta.dirname, '..', '..', '..', 'scripts', 'start.js')
/** A slow machine's first start takes some twenty seconds. */
const START_MS = 120_000
/** What `npm start` does when it is asked to end takes some seconds; beyond, it is made to. */
const STOP_MS = 20_000

export type PrivateInstance = { client: ServiceClient; stop: () => Promise<void> }

/**
 * Starts a service for one command, on free ports of loopback: on the data of `dataDir` where an instance has lived
 * there, so that its versions are known and its predictions reused, else on a folder that is removed at the end.
 */
export async function startPrivateInstance(
  environment: Environment,
  options: {
    dataDir: string
    datasetRoots: readonly string[]
    /** The command names a version or a dataset that only an instance of before can know. */
    needsOldData: boolean
    say: (line: string) => void
    signal: AbortSignal
  },
): Promise<PrivateInstance> {
  if (environment.DATABASE_URL)
    throw new NotDone(
      'DATABASE_URL is set, so no private service can start on that database. Set SECOND_READER_URL and SECOND_READER_API_KEY of the running service instead.',
    )
  const lasts = existsSync(credentialsPath(options.dataDir))
  if (options.needsOldData && !lasts)
    throw new NotDone(
      `No service runs, and ${options.dataDir} has no data. Give the model and the dataset as folders, or start the service.`,
    )
  const dataDir = lasts ? options.dataDir : await mkdtemp(path.join(tmpdir(), 'second-reader-'))
  const [port, evaluatorPort] = [await freePort(), await freePort()]
  options.say(`Starting a private service (data in ${dataDir}) …`)
  const child = spawn(process.execPath, [START], {
    // A terminal's Ctrl-C must reach the run first; should we be killed, it notices that its parent is gone.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...environment,
      DATA_DIR: dataDir,
      HOST: '127.0.0.1',
      PORT: String(port),
      BASE_URL: '',
      EVALUATOR_PORT: String(evaluatorPort),
      // A bucket belongs to one installation: a folder that is removed at the end is another one.
      ...(lasts ? {} : { OBJECT_STORE_URL: '' }),
      DEMO: 'access', // a key, and no data that the command did not ask for
      DATASET_ROOTS: formatCommaList([path.join(dataDir, 'datasets'), ...options.datasetRoots]),
      npm_lifecycle_event: 'start',
    },
  })
  const stop = async () => {
    await endProcess(child)
    if (!lasts) await rm(dataDir, { recursive: true, force: true })
  }
  try {
    await becomesReady(child, options.signal)
    const credentials = await readCredentials(credentialsPath(dataDir))
    if (credentials === null) throw new NotDone('The private service wrote no credentials.')
    return { client: openServiceClient(`http://127.0.0.1:${port}`, credentials.apiKey), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function becomesReady(child: ChildProcess, signal: AbortSignal): Promise<void> {
  let said = ''
  const explain = (what: string) => new NotDone(`The private service ${what}:\n${said.slice(-2000)}`)
  let timer: NodeJS.Timeout | undefined
  await new Promise<void>((resolve, reject) => {
    signal.throwIfAborted()
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    timer = setTimeout(() => reject(explain(`was not ready within ${START_MS / 1000} s`)), START_MS)
    const listen = (text: Buffer) => {
      said += text
      if (said.includes('Second Reader is ready')) resolve()
    }
    child.stdout?.on('data', listen)
    child.stderr?.on('data', listen)
    child.once('error', reject)
    child.once('exit', () => reject(explain('did not start')))
  }).finally(() => clearTimeout(timer))
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
  await exited
  clearTimeout(force)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
