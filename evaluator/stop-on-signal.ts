import type { FastifyInstance } from 'fastify'
import type { Evaluator } from './evaluator.ts'

/** Running images are given this long to finish; then their streams are cut without a trailer. */
const DRAIN_SECONDS = 8
/** Everything over by then, or the process ends as it is. */
const STOP_SECONDS = 9.5
const IDLE_SWEEP_MILLISECONDS = 100

/** Ends the service cleanly on SIGTERM and SIGINT, and when the process that supervises it is gone. */
export function stopOnSignal(server: FastifyInstance, evaluator: Evaluator, stopping: AbortController): void {
  let stopped = false
  const stop = async (reason: string) => {
    if (stopped) return
    stopped = true
    server.log.info({ reason }, 'the evaluator stops')
    setTimeout(() => process.exit(0), STOP_SECONDS * 1000).unref()
    stopping.abort()
    await closeServer(server)
    await evaluator.close()
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))
  if (process.send !== undefined) process.on('disconnect', () => void stop('the supervisor is gone'))
}

/** `close` alone waits for every connection that a client keeps open. */
async function closeServer(server: FastifyInstance): Promise<void> {
  const sweep = setInterval(() => server.server.closeIdleConnections(), IDLE_SWEEP_MILLISECONDS)
  const cut = setTimeout(() => server.server.closeAllConnections(), DRAIN_SECONDS * 1000)
  await server.close()
  clearInterval(sweep)
  clearTimeout(cut)
}
