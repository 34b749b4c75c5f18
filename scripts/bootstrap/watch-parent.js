import { isMainThread, Worker } from 'node:worker_threads'

// Loaded into every supervised process by --import. When the supervisor is killed, its processes notice the broken
// channel and end by themselves; one that is too busy to notice (a long query, a stuck request) is ended here,
// from a thread of its own. Nothing that was acknowledged is lost by that.

const GRACE_MS = 2_500 // with the look every 500 ms: gone within 5 s of the supervisor, also on a busy machine

const watch = `
  const supervisor = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === supervisor) return
    clearInterval(timer)
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${GRACE_MS})
  }, 500)
`
if (isMainThread) new Worker(watch, { eval: true, execArgv: [], stdout: false, env: {} }).unref()
