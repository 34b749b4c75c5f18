import { CannotGoOn, NODE } from './project.js'
import { run } from './run.js'

/**
 * The settings of the environment, or the end of the start with every fault named.
 * @returns {Promise<{ host: string, port: number, evaluatorPort: number, evaluatorUrls: string[],
 *   dataDir: string, acceptInstallation: string[], heartbeatSeconds: number, embeddedDatabase: boolean, demo: 'on' | 'access' | 'off' }>}
 */
export async function readSettings() {
  const checked = await run(NODE, ['scripts/check-settings.ts'])
  if (checked.code !== 0)
    throw new CannotGoOn(`Wrong settings:\n${checked.stderr.trim().replace(/^/gm, '  ')}`)
  return JSON.parse(checked.stdout)
}
