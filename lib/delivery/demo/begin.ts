import { eq } from 'drizzle-orm'
import { users } from '#db/schema/auth.ts'
import { datasets } from '#db/schema/dataset.ts'
import { modelVersions } from '#db/schema/model-version.ts'
import type { Context } from '#lib/platform/context.ts'
import { readDemoMilestones, recordDemoMilestone } from './history.ts'

/**
 * Whether this installation gets demo data: one that was begun on a demo's database without datasets and models. Says
 * so in the audit log, so that it still holds when they are there.
 */
export async function beginDemo(context: Context): Promise<{ wanted: boolean; complete: boolean }> {
  const { db } = context
  const { begin, complete } = await readDemoMilestones(db)
  if (begin) return { wanted: true, complete }
  const isNew =
    (await db.$count(users, eq(users.isDemo, true))) > 0 &&
    (await db.$count(datasets)) === 0 &&
    (await db.$count(modelVersions)) === 0
  if (isNew) await recordDemoMilestone(context, 'begin')
  return { wanted: isNew, complete: false }
}
