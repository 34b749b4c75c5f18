import { CannotGoOn, NODE } from './project.js'
import { run } from './run.js'
import { say, step } from './say.js'
import { SupervisedProcess } from './supervised-process.js'

const DATABASE_REFUSED = 3 // exit code of db/embedded/server.ts
const FAILURES_AT_START = 5

// No statement of ours takes so long; a migration of a large database may take minutes.
const DATABASE_BUSY_SECONDS = 30 * 60

// Together below the 10 s within which everything has ended.
const GRACE_MS = { web: 4_500, evaluator: 2_000, database: 2_500 }

/** Starts and keeps alive the database, the evaluator and web; ends them in the opposite order. */
export class Supervisor {
  #processes = []
  #starting = new AbortController()
  /** The setting HEARTBEAT_SECONDS. */
  silentSeconds = 0

  /** Aborted with the reason when the start must be given up. */
  get signal() {
    return this.#starting.signal
  }

  async startDatabase({ dataDir, acceptInstallation }, env) {
    const database = this.#add('database', {
      script: 'db/embedded/server.ts',
      args: [dataDir, acceptInstallation.join(',')],
      env,
      busySeconds: DATABASE_BUSY_SECONDS,
    })
    const { ready } = await step('Starting the database', () => this.#orGivingUp(database.start()))
    return ready
  }

  async migrate(env) {
    const migrated = await step('Bringing its schema up to date', () =>
      run(NODE, ['scripts/migrate.ts'], { env, onLine: say }),
    )
    if (migrated.code !== 0) throw new CannotGoOn(`The database cannot be used:\n${migrated.stderr.trim()}`)
  }

  startEvaluator(env) {
    void this.#add('evaluator', { script: 'evaluator/server.ts', env }).start()
  }

  startWeb(env) {
    void this.#add('web', { script: 'app/server.ts', env }).start()
  }

  /** From here on a process that dies is only started again. */
  started() {
    this.#starting = new AbortController()
  }

  giveUp(reason) {
    this.#starting.abort(reason)
  }

  async stop() {
    for (const each of this.#processes.toReversed()) await each.stop(GRACE_MS[each.name])
  }

  killAll() {
    for (const each of this.#processes) each.kill()
  }

  #add(name, options) {
    this.signal.throwIfAborted() // nothing is started once all is being ended
    const added = new SupervisedProcess(name, {
      ...options,
      silentSeconds: this.silentSeconds,
      onExit: (failures, code) => {
        const hopeless = name === 'database' && code === DATABASE_REFUSED
        if (hopeless || failures >= FAILURES_AT_START) {
          this.giveUp(
            new CannotGoOn(`The start is given up: ${name} does not stay up; see its messages above.`),
          )
        }
      },
    })
    this.#processes.push(added)
    return added
  }

  #orGivingUp(promise) {
    const { signal } = this
    return Promise.race([
      promise,
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
      ),
    ])
  }
}
