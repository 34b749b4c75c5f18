import { readFileSync } from 'node:fs'
import path from 'node:path'
import { CannotGoOn, isInstalled, PROJECT } from './project.js'
import { run } from './run.js'
import { step } from './say.js'

/** Installs what the lock file names, if it is not there yet; the tools of development only `forTests`. */
export async function ensureInstalled({ stream = process.stdout, forTests = false } = {}) {
  const wanted = readPackages('package-lock.json')
  if (isInstalled() && arePresent(wanted, readPackages('node_modules/.package-lock.json'), forTests)) return
  await step('Installing the dependencies', install, stream)
}

async function install() {
  // With NODE_ENV=production npm would leave out what the tests need.
  const how = ['--include=dev', '--no-audit', '--no-fund']
  const exact = await run('npm', ['ci', ...how])
  if (exact.code === 0) return
  // A lock file written where a registry lacks other platforms' optional packages is refused by `npm ci`.
  const tolerant = await run('npm', ['install', '--no-save', ...how])
  if (tolerant.code !== 0 || !isInstalled()) {
    throw new CannotGoOn(`npm could not install the dependencies:\n${exact.stderr}\n${tolerant.stderr}`)
  }
}

/**
 * Whether every package that the lock file demands is there in its version. One that was left out on purpose
 * (`npm ci --omit=dev`) is not installed behind the operator's back, least of all below a running instance.
 * @param {Record<string, Package>} wanted
 * @param {Record<string, Package>} present
 */
export function arePresent(wanted, present, forTests) {
  return Object.entries(wanted).every(([name, { version, optional, link, dev, devOptional }]) => {
    const needed = name !== '' && !optional && !link && (forTests || !(dev || devOptional))
    return !needed || present[name]?.version === version
  })
}

/** @typedef {{ version?: string, optional?: boolean, link?: boolean, dev?: boolean, devOptional?: boolean }} Package */

/** @returns {Record<string, Package>} */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(path.join(PROJECT, file), 'utf8')).packages
  } catch {
    return {}
  }
}
