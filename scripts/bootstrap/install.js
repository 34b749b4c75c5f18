import { readFileSync } from 'node:fs'
import path from 'node:path'
import { CannotGoOn, isInstalled, PROJECT } from './project.js'
import { run } from './run.js'
import { step } from './say.js'

/** Installs what the lock file names, if it is not there yet; says so on `stream`. */
export async function ensureInstalled(stream = process.stdout) {
  if (isInstalled() && isUpToDate()) return
  await step('Installing the dependencies', install, stream)
}

async function install() {
  const exact = await run('npm', ['ci', '--no-audit', '--no-fund'])
  if (exact.code === 0) return
  // A lock file written where a registry lacks other platforms' optional packages is refused by `npm ci`.
  const tolerant = await run('npm', ['install', '--no-save', '--no-audit', '--no-fund'])
  if (tolerant.code !== 0 || !isInstalled()) {
    throw new CannotGoOn(`npm could not install the dependencies:\n${exact.stderr}\n${tolerant.stderr}`)
  }
}

/** Whether every package that the lock file demands is there in its version. */
function isUpToDate() {
  const wanted = readPackages('package-lock.json')
  const present = readPackages('node_modules/.package-lock.json')
  return Object.entries(wanted).every(
    ([name, { version, optional, link }]) =>
      name === '' || optional || link || present[name]?.version === version,
  )
}

/** @returns {Record<string, { version?: string, optional?: boolean, link?: boolean }>} */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(path.join(PROJECT, file), 'utf8')).packages
  } catch {
    return {}
  }
}
