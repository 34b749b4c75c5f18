import type { ObjectStore } from '#lib/platform/object-store/object-store.ts'
import type { DatabaseProbe } from '#lib/platform/service/database-probe.ts'
import type { DependencyHealth, Health } from './schema.ts'

/** Longer than any healthy answer, short enough for a load balancer's own time limit. */
const CHECK_TIMEOUT_MS = 2_000

/**
 * Asks every dependency at once. `down`: nothing can be stored or shown (database or object store away);
 * `degraded`: the evaluator is away, what is stored can be looked at and runs wait; or the database is busy, and answers
 * come late. A service that is only busy must not be restarted.
 */
export async function checkDependencies(parts: {
  databaseProbe: DatabaseProbe
  objectStore: ObjectStore
  askEvaluator: (signal: AbortSignal) => Promise<DependencyHealth>
}): Promise<Health> {
  const [database, objectStore, evaluator] = await Promise.all([
    askDatabase(parts.databaseProbe),
    probe(async () => {
      await parts.objectStore.check()
      return { status: 'ok', detail: 'can be listed' }
    }),
    probe(parts.askEvaluator),
  ])
  const away = database.status === 'down' || objectStore.status === 'down'
  return {
    status: away ? 'down' : evaluator.status === 'ok' && database.status === 'ok' ? 'ok' : 'degraded',
    dependencies: { database, objectStore, evaluator },
  }
}

async function askDatabase(database: DatabaseProbe): Promise<DependencyHealth> {
  const answer = await database.ask(CHECK_TIMEOUT_MS)
  if (answer.state === 'ok') return { status: 'ok', detail: 'takes writes' }
  if (answer.state === 'down') return { status: 'down', detail: reasonOf(answer.error) }
  return { status: 'busy', detail: `is busy: gave no answer within ${CHECK_TIMEOUT_MS / 1000} s` }
}

async function probe(check: (signal: AbortSignal) => Promise<DependencyHealth>): Promise<DependencyHealth> {
  const signal = AbortSignal.timeout(CHECK_TIMEOUT_MS)
  const expired = new Promise<DependencyHealth>((resolve) => {
    signal.addEventListener('abort', () =>
      resolve({ status: 'down', detail: `gave no answer within ${CHECK_TIMEOUT_MS / 1000} s` }),
    )
  })
  const answered = check(signal).catch(
    (error: unknown): DependencyHealth => ({ status: 'down', detail: reasonOf(error) }),
  )
  return Promise.race([answered, expired])
}

/** A reason for operators without addresses, users or keys: those of `error.message` may hold all three. */
function reasonOf(error: unknown): string {
  const code = findCode(error)
  return code === undefined ? 'does not answer' : `does not answer (${code})`
}

function findCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('code' in error && typeof error.code === 'string') return error.code
  return findCode(error.cause)
}
