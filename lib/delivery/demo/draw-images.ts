import { fork } from 'node:child_process'
import path from 'node:path'
import { childEnvironment } from '#lib/platform/env/env.ts'
import type { DrawProcessMessage, DrawProcessOrder } from '../../../demo/draw-process.ts'

const SCRIPT = path.join(import.meta.dirname, '..', '..', '..', 'demo', 'draw-process.ts')
const STDERR_TAIL_CHARACTERS = 2000

/**
 * Has a process of its own draw those of the datasets that are missing: it uses all cores at its low priority, and
 * ends with us. Throws what went wrong there, with its code (ENOSPC).
 */
export async function drawImages(
  order: DrawProcessOrder,
  signal: AbortSignal,
  onDrawn: (images: number) => void,
): Promise<void> {
  signal.throwIfAborted()
  const child = fork(SCRIPT, [JSON.stringify(order)], {
    env: childEnvironment() as NodeJS.ProcessEnv,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const kill = () => child.kill('SIGKILL')
  signal.addEventListener('abort', kill, { once: true })
  let stderr = ''
  let failure: Error | undefined
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_TAIL_CHARACTERS)
  })
  child.on('message', (message: DrawProcessMessage) => {
    if ('drawn' in message) onDrawn(message.drawn)
    else failure = Object.assign(new Error(message.failed.message), { code: message.failed.code })
  })
  try {
    const code = await new Promise<number | string>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (exitCode, killedBy) => resolve(exitCode ?? killedBy ?? 'unknown'))
    })
    signal.throwIfAborted()
    if (code !== 0)
      throw failure ?? new Error(`The process that draws the demo's images ended (${code}): ${stderr}`)
  } finally {
    signal.removeEventListener('abort', kill)
  }
}
