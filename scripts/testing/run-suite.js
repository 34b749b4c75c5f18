import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { PROJECT } from '../bootstrap/project.js'
import { countTests } from './count.js'

const LONGEST_SUITE_MS = 40 * 60_000

/**
 * Runs a suite to its end. With `show` its output is passed through; else it is kept (`readOutput`).
 * @param {import('./suites.js').Suite} suite
 * @param {{ folder: string, env: NodeJS.ProcessEnv, show: boolean }} context
 */
export async function runSuite(suite, { folder, env, show }) {
  const startedAt = performance.now()
  const reportFile = path.join(folder, `${suite.name}.report`)
  const { file, args, env: own = {} } = suite.command(reportFile)
  const output = show ? 'inherit' : openSync(outputFile(folder, suite.name), 'w')
  const exitCode = await runToEnd(file, args, { env: { ...env, ...own }, output })
  if (typeof output === 'number') closeSync(output)
  return {
    ...countTests(suite.report, reportFile, exitCode),
    seconds: (performance.now() - startedAt) / 1000,
  }
}

/** What a suite has said so far. A file, not a pipe: a process that outlives its suite would hold that open. */
export function readOutput(folder, name) {
  try {
    return readFileSync(outputFile(folder, name), 'utf8')
  } catch {
    return ''
  }
}

function outputFile(folder, name) {
  return path.join(folder, `${name}.output`)
}

function runToEnd(file, args, { env, output }) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: PROJECT, env, stdio: ['ignore', output, output] })
    const tooLong = setTimeout(() => child.kill('SIGKILL'), LONGEST_SUITE_MS)
    child.once('error', (error) => {
      console.error(error.message)
      resolve(1)
    })
    child.once('exit', (code) => {
      clearTimeout(tooLong)
      resolve(code ?? 1)
    })
  })
}
