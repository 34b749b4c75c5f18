import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { NODE } from '../bootstrap/project.js'
import { run } from '../bootstrap/run.js'
import { step } from '../bootstrap/say.js'
import { findChromium } from './chromium.js'
import { canInstallDebianPackages, installDebianPackages } from './debian.js'
import { ensurePython, hasPython } from './python.js'

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

async function ensureBuild() {
  const built = await step('Building the pages where sources changed', () => run(NODE, ['scripts/build.ts']))
  if (built.code === 0) return null
  console.error(built.stdout, built.stderr)
  return 'npx next build'
}

/** What comes from Debian: whether it is there, and the packages that bring it. */
const DEBIAN = {
  postgres: { isThere: hasPostgres, packages: ['postgresql'] },
  pgbouncer: {
    isThere: () => onPath('pgbouncer') || existsSync('/usr/sbin/pgbouncer'),
    packages: ['pgbouncer'],
  },
  prometheus: { isThere: () => onPath('prometheus') && onPath('promtool'), packages: ['prometheus'] },
  fuse: { isThere: hasFuse, packages: ['fuse', 'libfuse2'] },
  swift: { isThere: hasSwift, packages: ['python3-swift'] },
  chromium: { isThere: () => findChromium() !== null, packages: ['chromium', 'fonts-liberation'] },
}

/**
 * What would be installed for these needs, as lines for the person who started the tests; none where all is there.
 * @param {import('./suites.js').Need[]} needs
 * @param {{ sudo: boolean }} allowed
 */
export async function planInstallation(needs, allowed) {
  const packages = [...new Set(needs)].flatMap((need) =>
    DEBIAN[need] && !DEBIAN[need].isThere() ? DEBIAN[need].packages : [],
  )
  const wantsPython = needs.includes('python') && !hasPython()
  const mayInstall = packages.length > 0 && (await canInstallDebianPackages(allowed))
  return describePlan({ packages, mayInstall, wantsPython })
}

/** @param {{ packages: string[], mayInstall: boolean, wantsPython: boolean }} plan */
export function describePlan({ packages, mayInstall, wantsPython }) {
  const list = packages.join(', ')
  return [
    ...(wantsPython
      ? ['Will be installed in .venv: Python packages of the trainer (torch among them, about 1 GB)']
      : []),
    ...(packages.length > 0 && mayInstall
      ? [`Will be installed on this machine: Debian packages ${list}`]
      : []),
    ...(packages.length > 0 && !mayInstall
      ? [
          `Missing: Debian packages ${list}. Suites that need them are left out; to have them installed, run this as root, or add --sudo.`,
        ]
      : []),
  ]
}

async function ensureDebian({ isThere, packages }, allowed) {
  if (isThere() || ((await installDebianPackages(packages, allowed)) && isThere())) return null
  return `apt-get install ${packages.join(' ')}`
}

function provide(need, allowed) {
  if (need === 'python') return ensurePython(allowed)
  return need === 'build' ? ensureBuild() : ensureDebian(DEBIAN[need], allowed)
}

const provided = new Map()

/**
 * Provides what a suite needs, once for all suites. Gives the commands that would provide what is missing.
 * @param {import('./suites.js').Need[]} needs
 * @param {{ sudo: boolean }} allowed
 * @returns {Promise<string[]>}
 */
export async function provideNeeds(needs, allowed) {
  const missing = []
  for (const need of needs) {
    if (!provided.has(need)) provided.set(need, await provide(need, allowed))
    const command = provided.get(need)
    if (command !== null) missing.push(command)
  }
  return missing
}
