import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { ensureInstalled } from './bootstrap/install.js'
import { CannotGoOn, PROJECT } from './bootstrap/project.js'
import { say } from './bootstrap/say.js'
import { findLeftovers, killLeftovers, RUN_MARK } from './testing/leftovers.js'
import { planInstallation, provideNeeds } from './testing/needs.js'
import { lanesOf, runLanes } from './testing/run-lanes.js'
import { readOutput, runSuite } from './testing/run-suite.js'
import { chooseSuites } from './testing/suites.js'

// `npm test [suite …]`: every suite with all its set-up, in two lanes beside each other; the last line is
// "N passed, N failed". Says first what it will install on this machine; sudo is used only where it is told to
// (`npm test -- --sudo`).

const mark = randomUUID()
const folder = mkdtempSync('/tmp/sr-') // short: unix sockets lie below it
chmodSync(folder, 0o711) // PostgreSQL runs as a user of its own, inside
const given = new AbortController()
/** Those at work whose output is not shown yet. */
const silent = new Set()

/** Each lane has its share of the cores, so that no suite is judged by its time while another takes them all. */
function environment(lanes) {
  return {
    ...process.env,
    PATH: `${path.join(PROJECT, 'node_modules', '.bin')}${path.delimiter}${process.env.PATH}`,
    TMPDIR: folder,
    PYTHONDONTWRITEBYTECODE: '1',
    VITEST_MAX_WORKERS: String(Math.max(1, Math.floor(availableParallelism() / lanes))),
    ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}),
    [RUN_MARK]: mark,
  }
}

async function runAll(suites, allowed) {
  const provided = provideNeeds(
    suites.flatMap(({ needs }) => needs),
    allowed,
  )
  const lanes = lanesOf(suites).length
  const context = { folder, env: environment(lanes), show: lanes === 1 }
  const runOne = async (suite) => {
    const missing = await provided(suite.needs)
    if (missing.length > 0) return { name: suite.name, ...notRun(missing) }
    return { name: suite.name, ...(await runInView(suite, context)) }
  }
  return runLanes(suites, runOne, given.signal)
}

function notRun(missing) {
  return { passed: 0, failed: process.env.CI ? 1 : 0, skipped: 0, seconds: 0, missing }
}

/** Beside another suite its output is shown whole, at its end. */
async function runInView(suite, context) {
  say(context.show ? `\n== ${suite.name}` : `${suite.name} …`)
  if (context.show) return runSuite(suite, context)
  silent.add(suite.name)
  const result = await runSuite(suite, context)
  showOutput(suite.name)
  return result
}

function showOutput(name) {
  if (silent.delete(name)) say(`\n== ${name}\n${readOutput(folder, name)}`)
}

function endLeftovers() {
  const leftovers = findLeftovers(mark, folder)
  for (const { pid, command } of leftovers) say(`Left running by the tests, now killed: ${pid} ${command}`)
  killLeftovers(leftovers)
  return leftovers.length
}

function summarise(results) {
  say('')
  for (const { name, passed, failed, skipped, seconds, missing } of results) {
    const outcome = missing
      ? `not run; to run it: ${missing.join('; ')}`
      : `${failed === 0 ? 'ok    ' : 'FAILED'} ${String(passed).padStart(5)} passed ${String(failed).padStart(3)} failed ${String(skipped).padStart(3)} skipped ${seconds.toFixed(0).padStart(5)} s`
    say(`${name.padEnd(18)} ${outcome}`)
  }
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    given.abort()
    endLeftovers()
    for (const name of silent) showOutput(name)
    rmSync(folder, { recursive: true, force: true })
    process.stdout.write('', () => process.exit(130))
  })
}

try {
  const names = process.argv.slice(2).filter((argument) => argument !== '--sudo')
  // Of `npm test --sudo` npm keeps the word for itself and sets a variable.
  const allowed = { sudo: process.argv.includes('--sudo') || process.env.npm_config_sudo === 'true' }
  const suites = chooseSuites(names)
  const needs = suites.flatMap((suite) => suite.needs)
  for (const line of await planInstallation(needs, allowed)) say(line)
  await ensureInstalled({ forTests: true })
  const results = await runAll(suites, allowed)
  summarise(results)
  const leftovers = endLeftovers()
  const passed = results.reduce((sum, each) => sum + each.passed, 0)
  const failed = results.reduce((sum, each) => sum + each.failed, 0) + leftovers
  process.exitCode = failed === 0 ? 0 : 1
  say(`${passed} passed, ${failed} failed`)
} catch (error) {
  killLeftovers(findLeftovers(mark, folder))
  console.error(error instanceof CannotGoOn ? error.message : error)
  process.exitCode = 2
} finally {
  rmSync(folder, { recursive: true, force: true })
}
