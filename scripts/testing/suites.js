import path from 'node:path'
import { CannotGoOn, NODE, PROJECT } from '../bootstrap/project.js'

/**
 * @typedef {'python' | 'postgres' | 'pgbouncer' | 'prometheus' | 'swift' | 'fuse' | 'build' | 'chromium'} Need
 * @typedef {'computing' | 'serving'} Lane suites that mostly compute, and the short ones that start services; the long
 *   ones that start whole services, and wait for them
 * @typedef {{ name: string, lane: Lane, needs: Need[], report: 'exit-code' | 'vitest' | 'pytest', onDemand?: true,
 *   command: (reportFile: string) => { file: string, args: string[], env?: Record<string, string> } }} Suite
 */

const modules = path.join(PROJECT, 'node_modules')
const TYPESCRIPT = path.join(modules, 'typescript', 'bin', 'tsc')
const PYTHON = path.join(PROJECT, '.venv', 'bin', 'python')

/** @returns {Suite} */
function vitest(lane, name, needs, args, env = {}) {
  return {
    name,
    lane,
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
  return { name, lane: 'computing', needs, report: 'exit-code', command: () => ({ file, args }) }
}

/**
 * Where the embedded database may differ from PostgreSQL: locks, claims, waits and large writes. The whole suite runs
 * on PostgreSQL; the api, cli and browser suites run on the embedded database.
 */
const ON_EMBEDDED = [
  'db/',
  'lib/data/',
  'lib/delivery/live/',
  'lib/model/evaluation-engine/',
  'lib/model/evaluation-run/',
  'lib/platform/audit/',
  'lib/platform/installation/',
]

/**
 * Every suite, each lane in the order in which a failure is cheapest to find. The names are what `npm test` takes;
 * `onDemand` are those that it runs only by their names.
 * @type {Suite[]}
 */
export const SUITES = [
  check('lint', [], path.join(modules, '.bin', 'biome'), ['check', '--error-on-warnings', '.']),
  check('typecheck', [], NODE, [TYPESCRIPT, '--noEmit']),
  vitest('computing', 'unit', [], ['--project', 'unit']),
  vitest('computing', 'database', [], ['--project', 'database', ...ON_EMBEDDED], {
    TEST_DATABASE: 'embedded',
  }),
  vitest('computing', 'database-postgres', ['postgres'], ['--project', 'database'], {
    TEST_DATABASE: 'postgres',
  }),
  check('lint-trainer', ['python'], PYTHON, ['-m', 'ruff', 'check', 'trainer']),
  {
    name: 'trainer',
    lane: 'computing',
    needs: ['python'],
    report: 'pytest',
    command: (reportFile) => ({
      file: PYTHON,
      args: ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', `--junit-xml=${reportFile}`, 'trainer'],
    }),
  },
  vitest('computing', 'evaluator', ['python'], ['--project', 'evaluator']),
  vitest('computing', 'fuzz', ['python'], ['--project', 'system', 'tests/fuzz']),
  vitest('computing', 'parity', ['python'], ['--project', 'system', 'tests/parity']),
  vitest('serving', 'api', ['python', 'build', 'prometheus'], ['--project', 'api']),
  vitest('computing', 's3', ['python', 'build', 'swift'], ['--project', 'system', 'tests/s3']),
  vitest('computing', 'cli', ['python', 'build'], ['--project', 'system', 'tests/cli']),
  vitest('serving', 'browser', ['python', 'build', 'chromium'], ['--project', 'browser']),
  vitest(
    'serving',
    'faults',
    ['python', 'build', 'postgres', 'pgbouncer', 'swift', 'fuse'],
    ['--project', 'system', 'tests/faults'],
  ),
  { ...vitest('computing', 'nightly', ['python'], ['--project', 'nightly']), onDemand: true },
  {
    ...vitest('computing', 'database-embedded', [], ['--project', 'database'], { TEST_DATABASE: 'embedded' }),
    onDemand: true,
  },
]

/**
 * The suites of these names; without names all that run at every change.
 * @param {string[]} names
 */
export function chooseSuites(names) {
  const unknown = names.filter((name) => !SUITES.some((suite) => suite.name === name))
  if (unknown.length > 0) {
    throw new CannotGoOn(
      `No suite ${unknown.join(', ')}; there are ${SUITES.map(({ name }) => name).join(', ')}`,
    )
  }
  return SUITES.filter(({ name, onDemand }) => (names.length === 0 ? !onDemand : names.includes(name)))
}
