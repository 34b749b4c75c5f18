import { parseEvaluatorSettings } from '#evaluator/env.ts'
import { parseSettings } from '#lib/platform/env/env.ts'

// Tells the supervisor, which is plain JavaScript, what the settings mean; or a person what is wrong with them.

const NOT_YET_MADE = 'x'.repeat(32) // the supervisor makes these two where they may be made

function faultsAcrossSettings(env: NodeJS.ProcessEnv): string[] {
  const faults: string[] = []
  if (env.DATABASE_URL && !env.SECRET)
    faults.push('SECRET is required with DATABASE_URL (32 characters or more)')
  if (env.EVALUATOR_URLS && !env.EVALUATOR_TOKEN)
    faults.push('EVALUATOR_TOKEN is required with EVALUATOR_URLS')
  return faults
}

const web = parseSettings(process.env)
const evaluator = process.env.EVALUATOR_URLS
  ? { faults: [] }
  : parseEvaluatorSettings({ ...process.env, EVALUATOR_TOKEN: process.env.EVALUATOR_TOKEN || NOT_YET_MADE })
const samePort =
  'settings' in web && web.settings.evaluatorUrls.length === 0 && web.settings.port !== 0
    ? web.settings.port === web.settings.evaluatorPort
    : false
const faults = [
  ...('faults' in web ? web.faults : []),
  ...('faults' in evaluator ? evaluator.faults : []),
  ...faultsAcrossSettings(process.env),
  ...(samePort && 'settings' in web ? [`PORT and EVALUATOR_PORT are the same (${web.settings.port})`] : []),
]
if (faults.length > 0 || !('settings' in web)) {
  for (const fault of new Set(faults)) console.error(fault)
  process.exit(1)
}
const { host, port, evaluatorPort, evaluatorUrls, dataDir, embeddedDatabase, demo } = web.settings
const { acceptInstallation, heartbeatSeconds } = web.settings
console.log(
  JSON.stringify({
    ...{ host, port, evaluatorPort, evaluatorUrls, dataDir, embeddedDatabase, demo },
    ...{ acceptInstallation, heartbeatSeconds },
  }),
)
