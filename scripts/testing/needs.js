import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { NODE } from '../bootstrap/project.js'
import { run } from '../bootstrap/run.js'
import { step } from '../bootstrap/say.js'
import { findChromium } from './chromium.js'
import { installDebianPackages } from './debian.js'
import { ensurePython } from './python.js'

/** Debian keeps PostgreSQL's server binaries off the path. */
function hasPostgres() {
  const versions = existsSync('/usr/lib/postgresql') ? readdirSync('/usr/lib/postgresql') : []
  return (
    versions.some((version) => existsSync(`/usr/lib/postgresql/${version}/bin/initdb`)) || onPath('initdb')
  )
}

/** The library is enough: the tests start its servers by themselves. */
function hasSwift() {
  return existsSync('/usr/lib/python3/dist-packages/swift')
}

/** Mounts a folder that the tests can make hang; the device is the machine's own and not to be had by a package. */
function hasFuse() {
  const folders = existsSync('/usr/lib') ? readdirSync('/usr/lib') : []
  return onPath('fusermount') && folders.some((folder) => existsSync(`/usr/lib/${folder}/libfuse.so.2`))
}

function onPath(program) {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .some((folder) => existsSync(path.join(folder, program)))
}

async function ensureDebian(isThere, ...debianPackages) {
  if (isThere() || ((await installDebianPackages(debianPackages)) && isThere())) return null
  return `apt-get install ${debianPackages.join(' ')}`
}

async function ensureBuild() {
  const built = await step('Building the pages where sources changed', () => run(NODE, ['scripts/build.ts']))
  if (built.code === 0) return null
  console.error(built.stdout, built.stderr)
  return 'npx next build'
}

const PROVIDERS = {
  python: ensurePython,
  postgres: () => ensureDebian(hasPostgres, 'postgresql'),
  prometheus: () => ensureDebian(() => onPath('prometheus') && onPath('promtool'), 'prometheus'),
  swift: () => ensureDebian(hasSwift, 'python3-swift'),
  chromium: () => ensureDebian(() => findChromium() !== null, 'chromium', 'fonts-liberation'),
  fuse: () => ensureDebian(hasFuse, 'fuse', 'libfuse2'),
  build: ensureBuild,
}

const provided = new Map()

/**
 * Provides what a suite needs, once for all suites. Gives the commands that would provide what is missing.
 * @param {import('./suites.js').Need[]} needs
 * @returns {Promise<string[]>}
 */
export async function provideNeeds(needs) {
  const missing = []
  for (const need of needs) {
    if (!provided.has(need)) provided.set(need, await PROVIDERS[need]())
    const command = provided.get(need)
    if (command !== null) missing.push(command)
  }
  return missing
}
