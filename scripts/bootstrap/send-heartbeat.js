import { isMainThread, Worker } from 'node:worker_threads'
import { BEAT_MS, HEARTBEAT_FD } from './heartbeat.js'

// Loaded into every supervised process by --import. A thread tells the supervisor that the process lives, as long as
// its event loop turns. The embedded database stands still during a query: it may, for `busySeconds`. A process that
// is stopped stops its threads too, so it falls silent at once.

const parameters = new URL(import.meta.url).searchParams
// What a supervised process forks inherits the import, but neither the parent nor the channel.
const isSupervised = process.ppid === Number(parameters.get('supervisor'))

const beat = `
  const { Socket } = require('node:net')
  const { turns, busyBeats } = require('node:worker_threads').workerData
  const channel = new Socket({ fd: ${HEARTBEAT_FD}, readable: false, writable: true })
  channel.on('error', () => {}) // the supervisor ended: watch-parent.js sees to that
  let seen = -1
  let still = 0
  setInterval(() => {
    const now = Atomics.load(turns, 0)
    still = now === seen ? still + 1 : 0
    seen = now
    if (still <= busyBeats && channel.writableLength === 0) channel.write('.')
  }, ${BEAT_MS})
`
if (isMainThread && isSupervised) {
  const turns = new Int32Array(new SharedArrayBuffer(4))
  setInterval(() => Atomics.add(turns, 0, 1), BEAT_MS / 2).unref()
  const busyBeats = (Number(parameters.get('busySeconds')) * 1000) / BEAT_MS
  const options = { eval: true, execArgv: [], stdout: false, env: {}, workerData: { turns, busyBeats } }
  new Worker(beat, options).unref()
}
