import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { NODE } from '../bootstrap/project.js'
import { run } from '../bootstrap/run.js'
import { PLAIN_LINES, step } from '../bootstrap/say.js'
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
  const build = () => run(NODE, ['scripts/build.ts'])
  const built = await step('Building the pages where sources changed', build, PLAIN_LINES)
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

/**
 * Installs what is missing in one go; one by one where that fails, so that a package that this system lacks keeps no
 * other away.
 */
async function installDebian(needs, allowed) {
  const missing = needs.filter((need) => DEBIAN[need] && !DEBIAN[need].isThere())
  if (missing.length === 0) return
  const packages = missing.flatMap((need) => DEBIAN[need].packages)
  if ((await installDebianPackages(packages, allowed)) || missing.length === 1) return
  for (const need of missing) await installDebianPackages(DEBIAN[need].packages, allowed)
}

function provide(need, allowed, debian) {
  if (need === 'python') return ensurePython(allowed)
  if (need === 'build') return ensureBuild()
  const { isThere, packages } = DEBIAN[need]
  return debian.then(() => (isThere() ? null : `apt-get install ${packages.join(' ')}`))
}

/**
 * Begins to provide all needs, each once and beside the others. What it returns waits for those of one suite, and
 * gives the commands that would provide what is missing.
 * @param {import('./suites.js').Need[]} needs
 * @param {{ sudo: boolean }} allowed
 * @returns {(needs: import('./suites.js').Need[]) => Promise<string[]>}
 */
export function provideNeeds(needs, allowed) {
  const distinct = [...new Set(needs)]
  const debian = installDebian(distinct, allowed)
  const provided = new Map(
    distinct.map((need) => [need, provide(need, allowed, debian).catch((error) => error.message)]),
  )
  return async (wanted) => {
    const commands = await Promise.all(wanted.map((need) => provided.get(need)))
    return commands.filter((command) => command !== null)
  }
}
