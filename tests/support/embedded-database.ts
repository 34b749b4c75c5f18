import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { endChild } from './child-process.ts'

const SERVER = path.join(import.meta.dirname, '..', '..', 'db', 'embedded', 'server.ts')

export type EmbeddedDatabase = { url: string; child: ChildProcess; stop: () => Promise<void> }

/** Starts the embedded database on a data folder, as the supervisor does. Rejects with what it said if it ends. */
export async function startEmbeddedDatabase(
  dataDir: string,
  accepted: string[] = [],
): Promise<EmbeddedDatabase> {
  const child = spawn(process.execPath, [SERVER, dataDir, accepted.join(',')], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  let said = ''
  child.stdout?.on('data', (text) => (said += text))
  child.stderr?.on('data', (text) => (said += text))
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message: { ready: string }) => resolve(message.ready))
    child.once('exit', (code) => reject(new Error(`The embedded database ended with ${code}: ${said}`)))
  })
  return { url, child, stop: () => endChild(child) }
}
