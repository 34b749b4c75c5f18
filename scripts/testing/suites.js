import path from 'node:path'
import { NODE, PROJECT } from '../bootstrap/project.js'

/**
 * @typedef {'python' | 'postgres' | 'pgbouncer' | 'prometheus' | 'swift' | 'fuse' | 'build' | 'chromium'} Need
 * @typedef {{ name: string, needs: Need[], report: 'exit-code' | 'vitest' | 'pytest',
 *   command: (reportFile: string) => { file: string, args: string[], env?: Record<string, string> } }} Suite
 */

const modules = path.join(PROJECT, 'node_modules')
const TYPESCRIPT = path.join(modules, 'typescript', 'bin', 'tsc')
const PYTHON = path.join(PROJECT, '.venv', 'bin', 'python')

/** @returns {Suite} */
function vitest(name, needs, args, env = {}) {
  return {
    name,
    needs,
    report: 'vitest',
    command: (reportFile) => ({
      file: NODE,
      args: [
        path.join(modules, 'vitest', 'vitest.mjs'),
        'run',
        ...args,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${reportFile}`,
      ],
      env,
    }),
  }
}

/** @returns {Suite} */
function check(name, needs, file, args) {
  return { name, needs, report: 'exit-code', command: () => ({ file, args }) }
}

/**
 * Every suite, in the order in which a failure is cheapest to find. The names are what `npm test` takes.
 * @type {Suite[]}
 */
export const SUITES = [
  check('lint', [], path.join(modules, '.bin', 'biome'), ['check', '--error-on-warnings', '.']),
  check('typecheck', [], NODE, [TYPESCRIPT, '--noEmit']),
  vitest('unit', [], ['--project', 'unit']),
  vitest('database', [], ['--project', 'database'], { TEST_DATABASE: 'embedded' }),
  vitest('database-postgres', ['postgres'], ['--project', 'database'], { TEST_DATABASE: 'postgres' }),
  check('lint-trainer', ['python'], PYTHON, ['-m', 'ruff', 'check', 'trainer']),
  {
    name: 'trainer',
    needs: ['python'],
    report: 'pytest',
    command: (reportFile) => ({
      file: PYTHON,
      args: ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', `--junit-xml=${reportFile}`, 'trainer'],
    }),
  },
  vitest('evaluator', ['python'], ['--project', 'evaluator']),
  vitest('fuzz', [], ['--project', 'api', 'tests/fuzz']),
  vitest('parity', ['python'], ['--project', 'api', 'tests/parity']),
  vitest('api', ['python', 'build', 'prometheus'], ['--project', 'api', 'tests/api']),
  vitest('s3', ['python', 'build', 'swift'], ['--project', 'api', 'tests/s3']),
  vitest('cli', ['python', 'build'], ['--project', 'api', 'tests/cli']),
  vitest('browser', ['python', 'build', 'chromium'], ['--project', 'browser']),
  vitest(
    'faults',
    ['python', 'build', 'postgres', 'pgbouncer', 'swift', 'fuse'],
    ['--project', 'api', 'tests/faults'],
  ),
]
