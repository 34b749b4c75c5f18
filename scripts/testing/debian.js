import { existsSync } from 'node:fs'
import { run } from '../bootstrap/run.js'
import { step } from '../bootstrap/say.js'

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

/** Installs Debian packages where that may be done; otherwise says no. */
export async function installDebianPackages(packages) {
  const asRoot = await rootCommand()
  if (asRoot === null) return false
  const [command, ...prefix] = [...asRoot, 'sh', '-c', INSTALL, 'sh', ...packages]
  const installed = await step(`Installing ${packages.join(', ')}`, () => run(command, prefix))
  if (installed.code !== 0) console.error(installed.stderr)
  return installed.code === 0
}

/** What to put before a command that needs root; null where this user cannot become root without being asked. */
async function rootCommand() {
  if (!existsSync('/usr/bin/apt-get')) return null
  if (process.getuid?.() === 0) return []
  const sudo = await run('sudo', ['-n', 'true']).catch(() => ({ code: 1 }))
  return sudo.code === 0 ? ['sudo', '-n'] : null
}
