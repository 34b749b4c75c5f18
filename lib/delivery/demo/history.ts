import { and, eq } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { auditEvents } from '#db/schema/audit.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import { type Context, taskActor } from '#lib/platform/context.ts'

export const DEMO_ACTOR = taskActor('demo')

/** What the demo ever made, also what people have removed since: that must not come back. */
export type DemoDeeds = {
  /** Names of datasets. */
  datasets: Set<string>
  /** Ids of model versions by the SHA-256 of their model. */
  versions: Map<string, string>
  /** Ids of the model versions that were evaluated. */
  evaluated: Set<string>
}

type Milestone = 'begin' | 'complete'
const OBJECT = { objectType: 'demo', objectId: 'demo' } as const

/** Whether the demo's data was begun, and whether all of it was made: two events of the audit log. */
export async function readDemoMilestones(db: Database): Promise<Record<Milestone, boolean>> {
  const rows = await db
    .select({ action: auditEvents.action })
    .from(auditEvents)
    .where(and(eq(auditEvents.objectType, OBJECT.objectType), eq(auditEvents.objectId, OBJECT.objectId)))
  const has = (milestone: Milestone) => rows.some(({ action }) => action === `demo.${milestone}`)
  return { begin: has('begin'), complete: has('complete') }
}

export async function recordDemoMilestone(context: Context, milestone: Milestone): Promise<void> {
  await context.db.transaction((tx) =>
    recordAuditEvent(tx, context, { action: `demo.${milestone}`, ...OBJECT }),
  )
}

/**
 * Read from the audit log, where each is written in one transaction with what it tells of, and stays when that is
 * removed. Asked only until the demo is complete, while the log is short.
 */
export async function readDemoDeeds(db: Database): Promise<DemoDeeds> {
  const events = await db
    .select()
    .from(auditEvents)
    .where(and(eq(auditEvents.actorType, DEMO_ACTOR.type), eq(auditEvents.actorId, DEMO_ACTOR.id)))
  const deeds: DemoDeeds = { datasets: new Set(), versions: new Map(), evaluated: new Set() }
  for (const { action, objectId, after } of events) {
    const made = (after ?? {}) as Record<string, unknown>
    if (action === 'dataset.register') deeds.datasets.add(String(made.name))
    if (action === 'model-version.register') deeds.versions.set(String(made.sha256), objectId)
    if (action === 'evaluation-run.create') deeds.evaluated.add(String(made.modelVersionId))
  }
  return deeds
}
