import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { endChild } from './child-process.ts'
import { freePort } from './free-port.ts'
import { waitUntil } from './wait-until.ts'

const LAUNCHER = path.join(import.meta.dirname, 'swift_server.py')
/** Debian's own, which sees Debian's python3-swift; a virtual environment does not. */
const SYSTEM_PYTHON = '/usr/bin/python3'
/** As the launcher has them. */
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test:tester', AWS_SECRET_ACCESS_KEY: 'testing' }

export type SwiftServer = {
  endpoint: string
  /** The variables by which the AWS SDK is let in. */
  credentials: typeof CREDENTIALS
  makeBucket: (name: string) => Promise<void>
  /** The URL of what lies below a prefix of a bucket, as OBJECT_STORE_URL has it. */
  location: (path: string) => string
  /** It stays connected and answers nothing, as a machine that hangs. */
  pause: () => void
  resume: () => void
  /** It is gone at once; `start` brings it back with what it had stored. */
  crash: () => Promise<void>
  start: () => Promise<void>
  /** Ends it and removes all that it stored. */
  stop: () => Promise<void>
}

/** Starts the real OpenStack Swift with its S3 API, empty, on a port and a folder of its own. */
export async function startSwift(): Promise<SwiftServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sr-swift-'))
  const port = await freePort()
  const endpoint = `http://127.0.0.1:${port}`
  let child: ChildProcess | undefined
  const start = async (): Promise<void> => {
    child = await launch(folder, port)
  }
  await start()
  return {
    endpoint,
    credentials: CREDENTIALS,
    location: (below) => `s3://${below}?endpoint=${encodeURIComponent(endpoint)}`,
    makeBucket: (name) => makeBucket(endpoint, name),
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    crash: async () => {
      if (child !== undefined) await endChild(child, 'SIGKILL')
    },
    start,
    async stop() {
      if (child !== undefined) await endChild(child, 'SIGKILL') // also where a test has left it paused
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function launch(folder: string, port: number): Promise<ChildProcess> {
  const child = spawn(SYSTEM_PYTHON, [LAUNCHER, folder, String(port)], {
    cwd: folder,
    stdio: ['pipe', 'ignore', 'pipe'], // it ends when its standard input does: with this process
  })
  let said = ''
  child.stderr?.on('data', (text) => (said += text))
  await waitUntil('Swift answers', async () => {
    if (child.exitCode !== null) throw new Error(`Swift ended: ${said}`)
    return fetch(`http://127.0.0.1:${port}/info`).then(
      (response) => response.ok,
      () => false,
    )
  })
  return child
}

async function makeBucket(endpoint: string, name: string): Promise<void> {
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: {
      accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID,
      secretAccessKey: CREDENTIALS.AWS_SECRET_ACCESS_KEY,
    },
  })
  await client.send(new CreateBucketCommand({ Bucket: name }))
  client.destroy()
}
