import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { ensureInstalled } from './bootstrap/install.js'
import { CannotGoOn, PROJECT } from './bootstrap/project.js'
import { say } from './bootstrap/say.js'
import { findLeftovers, killLeftovers, RUN_MARK } from './testing/leftovers.js'
import { planInstallation, provideNeeds } from './testing/needs.js'
import { runSuite } from './testing/run-suite.js'
import { SUITES } from './testing/suites.js'

// `npm test [suite …]`: every suite with all its set-up; the last line is "N passed, N failed". Says first what it will
// install on this machine; sudo is used only where it is told to (`npm test -- --sudo`).

const mark = randomUUID()
const folder = mkdtempSync('/tmp/sr-') // short: unix sockets lie below it
chmodSync(folder, 0o711) // PostgreSQL runs as a user of its own, inside
const env = {
  ...process.env,
  PATH: `${path.join(PROJECT, 'node_modules', '.bin')}${path.delimiter}${process.env.PATH}`,
  TMPDIR: folder,
  PYTHONDONTWRITEBYTECODE: '1',
  [RUN_MARK]: mark,
}

function chooseSuites(names) {
  const unknown = names.filter((name) => !SUITES.some((suite) => suite.name === name))
  if (unknown.length > 0) {
    throw new CannotGoOn(
      `No suite ${unknown.join(', ')}; there are ${SUITES.map(({ name }) => name).join(', ')}`,
    )
  }
  return names.length === 0 ? SUITES : SUITES.filter((suite) => names.includes(suite.name))
}

async function runAll(suites, allowed) {
  const results = []
  for (const suite of suites) {
    const missing = await provideNeeds(suite.needs, allowed)
    if (missing.length > 0) {
      results.push({
        name: suite.name,
        passed: 0,
        failed: process.env.CI ? 1 : 0,
        skipped: 0,
        seconds: 0,
        missing,
      })
      continue
    }
    say(`\n== ${suite.name}`)
    results.push({ name: suite.name, ...(await runSuite(suite, { folder, env })) })
  }
  return results
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
    endLeftovers()
    rmSync(folder, { recursive: true, force: true })
    process.exit(130)
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
  console.error(error instanceof CannotGoOn ? error.message : error)
  process.exitCode = 2
} finally {
  rmSync(folder, { recursive: true, force: true })
}
