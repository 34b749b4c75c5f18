import { spawn } from 'node:child_process'
import path from 'node:path'
import { PROJECT } from '../bootstrap/project.js'
import { countTests } from './count.js'

const LONGEST_SUITE_MS = 40 * 60_000

/**
 * @param {import('./suites.js').Suite} suite
 * @param {{ folder: string, env: NodeJS.ProcessEnv }} context
 */
export async function runSuite(suite, { folder, env }) {
  const startedAt = performance.now()
  const reportFile = path.join(folder, `${suite.name}.report`)
  const { file, args, env: own = {} } = suite.command(reportFile)
  const exitCode = await runToEnd(file, args, { ...env, ...own })
  return {
    ...countTests(suite.report, reportFile, exitCode),
    seconds: (performance.now() - startedAt) / 1000,
  }
}

function runToEnd(file, args, env) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: PROJECT, env, stdio: ['ignore', 'inherit', 'inherit'] })
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
