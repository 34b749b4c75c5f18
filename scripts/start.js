import { keepSecret, prepareDataFolder } from './bootstrap/data-folder.js'
import { demoAccounts } from './bootstrap/demo-accounts.js'
import { waitUntilHealthy } from './bootstrap/health.js'
import { ensureInstalled } from './bootstrap/install.js'
import { claimPort } from './bootstrap/port.js'
import { CannotGoOn, COMPILED, NODE } from './bootstrap/project.js'
import { run } from './bootstrap/run.js'
import { say, step } from './bootstrap/say.js'
import { readSettings } from './bootstrap/settings.js'
import { Supervisor } from './bootstrap/supervisor.js'
import { watchNpm } from './bootstrap/watch-npm.js'

// `npm start`: from a clean clone to a running service, in plain JavaScript for whatever Node the host has.

process.env.NODE_COMPILE_CACHE ||= COMPILED
const supervisor = new Supervisor()
let ending = false

async function end(exitCode) {
  if (ending) return supervisor.killAll() // asked twice: at once
  ending = true
  supervisor.giveUp(new CannotGoOn('Stopped.'))
  await supervisor.stop()
  process.exit(exitCode)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    say('Stopping …')
    void end(0)
  })
}
watchNpm(() => void end(1))

async function start() {
  await ensureInstalled()
  const settings = await readSettings()
  const { host, dataDir } = settings
  supervisor.silentSeconds = settings.heartbeatSeconds
  prepareDataFolder(dataDir)
  const port = await claimPort('PORT', host, settings.port)
  const embeddedEvaluator = settings.evaluatorUrls.length === 0
  const evaluatorPort = embeddedEvaluator
    ? await claimPort('EVALUATOR_PORT', '127.0.0.1', settings.evaluatorPort)
    : settings.evaluatorPort
  const built = await step('Building the pages where sources changed', () => run(NODE, ['scripts/build.ts']))
  if (built.code !== 0) throw new CannotGoOn(`The build failed:\n${built.stdout}${built.stderr}`)

  const env = {
    ...process.env,
    NODE_ENV: 'production',
    DATA_DIR: dataDir,
    PORT: String(port),
    EVALUATOR_PORT: String(evaluatorPort),
    SECRET: process.env.SECRET || keepSecret(dataDir, 'secret'),
    EVALUATOR_TOKEN: process.env.EVALUATOR_TOKEN || keepSecret(dataDir, 'evaluator-token'),
  }
  if (settings.embeddedDatabase) env.EMBEDDED_DATABASE_URL = await supervisor.startDatabase(settings, env)
  await supervisor.migrate(env)
  if (embeddedEvaluator) {
    env.EVALUATOR_URLS = `http://127.0.0.1:${evaluatorPort}`
    supervisor.startEvaluator({ ...env, HOST: '127.0.0.1' }) // web alone asks it
  }
  supervisor.startWeb(env)
  const url = `http://${reachable(host)}:${port}`
  await step('Starting the evaluator and web', () => waitUntilHealthy(url, supervisor.signal))
  supervisor.started()
  for (const line of demoAccounts(settings)) say(line)
  say(`Second Reader is ready at ${process.env.BASE_URL || url} (data in ${dataDir}; Ctrl-C stops it)`)
}

/** The address at which this machine reaches a server bound to `host`. */
function reachable(host) {
  if (host === '0.0.0.0') return '127.0.0.1'
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}

try {
  await start()
} catch (error) {
  if (!ending) {
    console.error(error instanceof CannotGoOn ? error.message : error)
    await end(1)
  }
}
