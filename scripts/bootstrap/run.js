import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { PROJECT } from './project.js'

/**
 * Runs a command to its end in the checkout and gives its exit code and what it said. Its output is kept, to be
 * shown where it fails; `show` passes it through instead, and `onLine` gets what it writes to standard output meanwhile.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, show?: boolean, onLine?: (line: string) => void }} [options]
 */
export function run(command, args, { env = process.env, show = false, onLine } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = show ? 'inherit' : ['ignore', 'pipe', 'pipe']
    const child = spawn(command, args, { cwd: PROJECT, env, stdio })
    const said = { stdout: '', stderr: '' }
    for (const stream of /** @type {const} */ (['stdout', 'stderr'])) {
      child[stream]?.on('data', (text) => {
        said[stream] += text
      })
    }
    if (onLine && child.stdout) createInterface({ input: child.stdout }).on('line', onLine)
    child.once('error', reject)
    child.once('close', (code) => resolve({ code: code ?? 1, ...said }))
  })
}
