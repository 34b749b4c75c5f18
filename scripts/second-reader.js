#!/usr/bin/env node
import { spawn } from 'node:child_process'
import path from 'node:path'
import { ensureInstalled } from './bootstrap/install.js'
import { CannotGoOn, NODE, PROJECT } from './bootstrap/project.js'

// The command `second-reader`: runs lib/delivery/cli/main.ts with the Node of the checkout, in the folder of the caller.

try {
  await ensureInstalled({ stream: process.stderr })
} catch (error) {
  console.error(error instanceof CannotGoOn ? error.message : error)
  process.exit(2)
}
// A relative DATA_DIR is below the checkout, as for `npm start`, and not below the folder of the caller.
const child = spawn(
  NODE,
  [path.join(PROJECT, 'lib', 'delivery', 'cli', 'main.ts'), ...process.argv.slice(2)],
  {
    stdio: 'inherit',
    env: { ...process.env, DATA_DIR: path.resolve(PROJECT, process.env.DATA_DIR || '.data') },
  },
)
// Ctrl-C reaches both from the terminal; what another program sends us is passed on. Its end is ours.
process.on('SIGINT', () => {})
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.once('exit', (code, signal) => {
  if (signal === null) process.exit(code)
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
})
