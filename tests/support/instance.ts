import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { endChild, exited } from './child-process.ts'
import { freePort } from './free-port.ts'
import { waitUntil } from './wait-until.ts'

const START = path.join(import.meta.dirname, '..', '..', 'scripts', 'start.js')

export type ProcessName = 'web' | 'evaluator' | 'database'

/** A whole service of a test's own, as `npm start` makes it. */
export type Instance = {
  url: string
  evaluatorUrl: string
  dataDir: string
  /** Holds every role: from `demo-credentials.json`, so not where DEMO is `off`. */
  apiKey: string
  supervisor: ChildProcess
  /** The present process of that name; another one after a restart. */
  pid: (name: ProcessName) => number
  kill: (name: ProcessName, signal?: NodeJS.Signals) => void
  /** What the supervisor and its processes have written so far. */
  output: () => string
  isHealthy: () => Promise<boolean>
  /** Ends it as Ctrl-C does; removes the data folder unless the caller gave one. */
  stop: () => Promise<void>
}

/**
 * Starts database, evaluator and web under the supervisor on free ports, with a fresh data folder unless given one,
 * and waits until it is healthy. Half a minute when nothing is built yet, else some seconds: one per test file.
 * With a `hostName` people are to use that name over plain HTTP; the returned `url` stays that of loopback.
 */
export async function startInstance(
  options: {
    env?: Record<string, string>
    dataDir?: string
    hostName?: string
    onOutput?: (text: string) => void
  } = {},
): Promise<Instance> {
  const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), 'sr-instance-'))
  const [port, evaluatorPort] = [await freePort(), await freePort()]
  const { supervisor, output } = runStart({
    DATA_DIR: dataDir,
    PORT: String(port),
    EVALUATOR_PORT: String(evaluatorPort),
    ...(options.hostName === undefined ? {} : { BASE_URL: `http://${options.hostName}:${port}` }),
    ...options.env,
  })
  for (const stream of [supervisor.stdout, supervisor.stderr])
    stream?.on('data', (text) => options.onOutput?.(String(text)))
  const url = `http://127.0.0.1:${port}`
  const pid = (name: ProcessName) =>
    Number(
      output()
        .match(new RegExp(`^${name} is process (\\d+)$`, 'gm'))
        ?.at(-1)
        ?.split(' ')
        .at(-1),
    )
  const removeData = () => {
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
  }
  try {
    await untilReady(supervisor, output)
  } catch (error) {
    await endChild(supervisor, 'SIGINT', 15_000) // else it starts all the same, and nothing ends it
    removeData()
    throw error
  }
  return {
    url,
    evaluatorUrl: `http://127.0.0.1:${evaluatorPort}`,
    dataDir,
    get apiKey() {
      return JSON.parse(readFileSync(path.join(dataDir, 'demo-credentials.json'), 'utf8')).apiKey as string
    },
    supervisor,
    pid,
    kill: (name, signal = 'SIGKILL') => process.kill(pid(name), signal),
    output,
    isHealthy: () => isHealthy(url),
    async stop() {
      await endChild(supervisor, 'SIGINT', 15_000)
      removeData()
    },
  }
}

async function untilReady(supervisor: ChildProcess, output: () => string): Promise<void> {
  try {
    await waitUntil(
      'the instance is ready',
      () => {
        if (supervisor.exitCode !== null) throw new Error('The instance ended')
        return output().includes('Second Reader is ready')
      },
      180_000,
    )
  } catch (error) {
    throw new Error(`The instance did not start:\n${output()}`, { cause: error })
  }
}

/** The environment of a person's shell: Vitest's own variables (`BASE_URL`, `NODE_ENV`, …) would be settings. */
export function shellEnvironment(settings: Record<string, string>): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'CI', 'SECOND_READER_TEST_RUN']
  const shell = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))
  return { ...Object.fromEntries(shell), ...settings }
}

/** Runs scripts/start.js with these settings, without the demo's data unless told otherwise; gathers what it says. */
export function runStart(settings: Record<string, string>): {
  supervisor: ChildProcess
  output: () => string
} {
  const supervisor = spawn(process.execPath, [START], {
    env: shellEnvironment({ DEMO: 'access', ...settings }) as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  supervisor.stdout?.on('data', (text) => (said += text))
  supervisor.stderr?.on('data', (text) => (said += text))
  return { supervisor, output: () => said }
}

/** Runs a start that is meant to end by itself: its exit code and what it said. */
export async function startToEnd(
  settings: Record<string, string>,
): Promise<{ exitCode: number | null; said: string }> {
  const { supervisor, output } = runStart(settings)
  await exited(supervisor)
  return { exitCode: supervisor.exitCode, said: output() }
}

export async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/api/health`)
    await response.body?.cancel()
    return response.status === 200
  } catch {
    return false
  }
}
