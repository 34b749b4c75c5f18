import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { heartbeatArguments, watchHeartbeat } from './heartbeat.js'
import { NODE, PROJECT } from './project.js'
import { say } from './say.js'

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 30_000
const STEADY_MS = 60_000 // one that lived that long starts again without a pause

const WATCH_PARENT = new URL('./watch-parent.js', import.meta.url).href

/** A process that is started again when it ended or hangs, with growing pauses, until it is stopped. */
export class SupervisedProcess {
  #child = null
  #failures = 0
  #restart = null
  #stopping = false
  #heard = () => {}

  /**
   * @param {string} name
   * @param {{ script: string, args?: string[], env: NodeJS.ProcessEnv, silentSeconds?: number, busySeconds?: number,
   *   onExit?: (failures: number, code: number | null) => void }} options `silentSeconds` without a sign of life and it
   *   is killed (0: never); `busySeconds` its event loop may stand still and count as alive
   */
  constructor(name, { script, args = [], env, silentSeconds = 0, busySeconds = 0, onExit = () => {} }) {
    this.name = name
    this.script = script
    this.args = args
    this.env = env
    this.silentSeconds = silentSeconds
    this.busySeconds = busySeconds
    this.onExit = onExit
  }

  /** Starts it; resolves with the first message of it or of what is started in its place, or never. */
  start() {
    return new Promise((resolve) => {
      this.#heard = resolve
      this.#spawn()
    })
  }

  #spawn() {
    const startedAt = Date.now()
    // A group of its own: Ctrl-C in the terminal reaches the supervisor alone, which ends all in order.
    const preloaded = ['--import', WATCH_PARENT, ...heartbeatArguments(this.busySeconds)]
    const child = spawn(NODE, [...preloaded, this.script, ...this.args], {
      cwd: PROJECT,
      env: this.env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc', 'pipe'],
      detached: true,
    })
    this.#child = child
    if (child.pid !== undefined) say(`${this.name} is process ${child.pid}`)
    child.once('exit', (code, signal) => this.#ended(startedAt, code, signal))
    child.once('error', (error) => {
      if (child.pid === undefined) this.#ended(startedAt, null, error.message)
    })
    watchHeartbeat(child, this.silentSeconds, () => {
      say(`${this.name} has given no sign of life for ${this.silentSeconds} s; it is ended`)
      child.kill('SIGKILL')
    })
    child.once('message', (message) => this.#heard(message))
  }

  #ended(startedAt, code, signal) {
    this.#child = null
    if (this.#stopping) return
    this.#failures = Date.now() - startedAt > STEADY_MS ? 1 : this.#failures + 1
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (this.#failures - 1), LONGEST_PAUSE_MS)
    say(`${this.name} ended (${signal ?? `code ${code}`}); it is started again in ${pause / 1000} s`)
    this.#restart = setTimeout(() => this.#spawn(), pause)
    this.onExit(this.#failures, code)
  }

  /** Asks it to end, forces it after `graceMs`. */
  async stop(graceMs) {
    this.#stopping = true
    clearTimeout(this.#restart)
    const child = this.#child
    if (child === null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    const force = setTimeout(() => child.kill('SIGKILL'), graceMs)
    await ended
    clearTimeout(force)
  }

  kill() {
    this.#stopping = true
    clearTimeout(this.#restart)
    this.#child?.kill('SIGKILL')
  }
}
