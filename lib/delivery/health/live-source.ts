import type { LiveSource } from '#lib/platform/live/live-source.ts'
import { DEPENDENCY_EVENTS } from './live-events.ts'
import type { Health } from './schema.ts'

const HEALTH_MS = 5000

/** Tells how what the service depends on stands. */
export function dependencySource(
  checkHealth: () => Promise<Health>,
  { everyMs = HEALTH_MS } = {},
): LiveSource {
  return {
    asksDatabase: false,
    everyMs,
    async look(view) {
      const { dependencies } = await checkHealth()
      for (const name of ['database', 'objectStore', 'evaluator'] as const)
        view.tell(DEPENDENCY_EVENTS, { name, ...dependencies[name] }, { lasting: true })
    },
  }
}
