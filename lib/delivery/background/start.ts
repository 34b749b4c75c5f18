import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { openDatabase } from '#db/client.ts'
import { sourcesOf } from '#lib/data/dataset-source/service-sources.ts'
import { scanNextSnapshot } from '#lib/data/snapshot/scan.ts'
import { getImageRenderer } from '#lib/imaging/decoding/service-renderer.ts'
import { evaluateNextRun } from '#lib/model/evaluation-engine/run-next.ts'
import { evaluatorAddresses } from '#lib/model/evaluator/evaluator-addresses.ts'
import { EvaluatorSlots } from '#lib/model/evaluator/evaluator-slots.ts'
import { ImageHasher } from '#lib/model/leakage/hash-next-images.ts'
import { searchNextPair } from '#lib/model/leakage/search-next-pair.ts'
import { closeRefusalWindows } from '#lib/platform/audit/record-refusal.ts'
import { announceWork, onWorkAnnounced } from '#lib/platform/background/announce-work.ts'
import { cleanUp } from '#lib/platform/background/clean-up.ts'
import { startLoop } from '#lib/platform/background/loop.ts'
import { taskActor } from '#lib/platform/context.ts'
import { faultForLog } from '#lib/platform/faults/fault-for-log.ts'
import { anchorAuditHead } from '#lib/platform/installation/anchor-audit-head.ts'
import type { Service } from '#lib/platform/service/service.ts'

/** Two at a time: a short run need not wait until a long one has ended. */
const EVALUATION_LOOPS = 2
/**
 * For what other processes leave to do: this one's own work is announced. A look costs some 10 ms of the processor on
 * the embedded database; four a second in three loops took a third of a core from the inference beside it.
 */
const IDLE_MS = 2000
/** No user waits for it, and a look compares all images with all hashes. */
const HASHING_IDLE_MS = 30_000
/** What a database may lose without its being noticed. */
const ANCHOR_EVERY_MS = 60_000
const CLEAN_UP_EVERY_MS = 24 * 3600 * 1000
/** An hour's repeated refusals are written down some minutes after it. */
const REFUSALS_IDLE_MS = 5 * 60_000

/** Starts the service's loops; claims in SQL make any number of processes safe. */
export function startBackground(service: Service): { stop: () => Promise<void> } {
  const { settings, logger } = service
  const heartbeat = openDatabase(settings.databaseUrl ?? '', {
    maxConnections: EVALUATION_LOOPS,
    onIdleError: (error) => logger.warn({ error: error.message }, 'the heartbeat connection ended'),
  })
  // Requests and background work keep out of each other's way: neither takes the other's connections.
  const database = openDatabase(settings.databaseUrl ?? '', {
    onIdleError: (error) => logger.warn({ error: error.message }, 'a background connection ended'),
  })
  const { db } = database
  const sources = sourcesOf(service)
  const evaluation = {
    db,
    heartbeatDb: heartbeat.db,
    sources,
    evaluators: evaluatorAddresses(settings),
    slots: new EvaluatorSlots(),
    owner: `${hostname()}:${process.pid}`,
    now: () => new Date(),
    random: Math.random,
    logger,
  }
  const hasher = new ImageHasher({ db }, { sources, renderer: getImageRenderer })
  const scanContext = () => ({
    db,
    actor: taskActor('dataset-scan'),
    now: new Date(),
    requestId: randomUUID(),
  })
  const loop = (name: string, step: (signal: AbortSignal) => Promise<boolean>, idleMs = IDLE_MS) =>
    startLoop({
      name,
      idleMs,
      step,
      onError: (error) => logger.error({ loop: name, fault: faultForLog(error) }, 'a background loop failed'),
    })
  const cleaning = loop(
    'clean-up',
    async () => {
      await cleanUp(service.db, new Date())
      return false
    },
    CLEAN_UP_EVERY_MS,
  )
  const anchoring = loop(
    'audit-anchor',
    async () => {
      await anchorAuditHead(db, settings.dataDir)
      return false
    },
    ANCHOR_EVERY_MS,
  )
  const refusals = loop(
    'refusals',
    () => closeRefusalWindows({ db, actor: taskActor('refusals'), now: new Date(), requestId: randomUUID() }),
    REFUSALS_IDLE_MS,
  )
  const loops = [
    loop('dataset-scan', async (signal) => {
      const hasScanned = await scanNextSnapshot(scanContext(), sources, signal)
      if (hasScanned) announceWork(db) // a run may have waited for it
      return hasScanned
    }),
    ...Array.from({ length: EVALUATION_LOOPS }, (_, index) =>
      loop(`evaluation-run-${index + 1}`, async (signal) => {
        const hasWorked = await evaluateNextRun(evaluation, signal)
        if (hasWorked) announceWork(db) // what rests while a run is under way
        return hasWorked
      }),
    ),
    loop(
      'image-hashing',
      async (signal) => {
        const hasHashed = await hasher.hashNext(signal)
        return (await searchNextPair(db, signal)) || hasHashed
      },
      HASHING_IDLE_MS,
    ),
  ]
  const forget = loops.map(({ wake }) => onWorkAnnounced(wake))
  return {
    stop: async () => {
      for (const each of forget) each()
      await Promise.all([...loops, cleaning, refusals, anchoring].map(({ stop }) => stop()))
      await Promise.all([database.close(), heartbeat.close()])
    },
  }
}
