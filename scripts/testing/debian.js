import { existsSync } from 'node:fs'
import { run } from '../bootstrap/run.js'
import { PLAIN_LINES, step } from '../bootstrap/say.js'

// Debian starts a server when its package is installed; the tests start their own, and leave none behind.
const INSTALL = `
set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod +x "$policy"
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
`

/**
 * Whether Debian packages can be installed: as root, or with sudo where that was allowed and asks for no password.
 * @param {{ sudo: boolean }} allowed
 */
export async function canInstallDebianPackages(allowed) {
  return (await rootCommand(allowed)) !== null
}

let earlier = Promise.resolve()

/**
 * Installs Debian packages where that may be done; otherwise says no. One call after the other: apt serves only one.
 * @param {string[]} packages
 * @param {{ sudo: boolean }} allowed
 * @returns {Promise<boolean>}
 */
export function installDebianPackages(packages, allowed) {
  const installed = earlier.then(() => install(packages, allowed))
  earlier = installed.then(
    () => {},
    () => {},
  )
  return installed
}

async function install(packages, allowed) {
  const asRoot = await rootCommand(allowed)
  if (asRoot === null) return false
  const [command, ...prefix] = [...asRoot, 'sh', '-c', INSTALL, 'sh', ...packages]
  const title = `Installing ${packages.join(', ')}`
  const installed = await step(title, () => run(command, prefix), PLAIN_LINES)
  if (installed.code !== 0) console.error(installed.stderr)
  return installed.code === 0
}

/** What to put before a command that needs root; null where this user may not or cannot become root. */
async function rootCommand({ sudo }) {
  if (!existsSync('/usr/bin/apt-get')) return null
  if (process.getuid?.() === 0) return []
  if (!sudo) return null
  const asked = await run('sudo', ['-n', 'true']).catch(() => ({ code: 1 }))
  return asked.code === 0 ? ['sudo', '-n'] : null
}
