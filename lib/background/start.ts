import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { openDatabase } from '#db/client.ts'
import { taskActor } from '#lib/context.ts'
import { scanNextSnapshot } from '#lib/dataset/scan.ts'
import { sourcesOf } from '#lib/dataset/service-sources.ts'
import { evaluatorAddresses } from '#lib/evaluation-run/evaluator-addresses.ts'
import { EvaluatorSlots } from '#lib/evaluation-run/evaluator-slots.ts'
import { evaluateNextRun } from '#lib/evaluation-run/run-next.ts'
import { faultForLog } from '#lib/faults/fault-for-log.ts'
import type { Service } from '#lib/service.ts'
import { startLoop } from './loop.ts'

/** Two at a time: a short run need not wait until a long one has ended. */
const EVALUATION_LOOPS = 2
/** A run waits for two of them, its scan's and its own; an idle look costs the database well under a millisecond. */
const IDLE_MS = 250

/** Starts the service's loops; claims in SQL make any number of processes safe. */
export function startBackground(service: Service): { stop: () => Promise<void> } {
  const { settings, logger } = service
  const heartbeat = openDatabase(settings.databaseUrl ?? '', {
    maxConnections: EVALUATION_LOOPS,
    onIdleError: (error) => logger.warn({ error: error.message }, 'the heartbeat connection ended'),
  })
  const sources = sourcesOf(service)
  const evaluation = {
    db: service.db,
    heartbeatDb: heartbeat.db,
    sources,
    evaluators: evaluatorAddresses(settings),
    slots: new EvaluatorSlots(),
    owner: `${hostname()}:${process.pid}`,
    now: () => new Date(),
    random: Math.random,
    logger,
  }
  const scanContext = () => ({
    db: service.db,
    actor: taskActor('dataset-scan'),
    now: new Date(),
    requestId: randomUUID(),
  })
  const loop = (name: string, step: (signal: AbortSignal) => Promise<boolean>) =>
    startLoop({
      name,
      idleMs: IDLE_MS,
      step,
      onError: (error) => logger.error({ loop: name, fault: faultForLog(error) }, 'a background loop failed'),
    })
  const loops = [
    loop('dataset-scan', (signal) => scanNextSnapshot(scanContext(), sources, signal)),
    ...Array.from({ length: EVALUATION_LOOPS }, (_, index) =>
      loop(`evaluation-run-${index + 1}`, (signal) => evaluateNextRun(evaluation, signal)),
    ),
  ]
  return {
    stop: async () => {
      await Promise.all(loops.map(({ stop }) => stop()))
      await heartbeat.close()
    },
  }
}
