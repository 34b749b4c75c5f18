import type { Context } from '#lib/platform/context.ts'
import { recordAuditEvent } from './record.ts'

/** Records that an actor tried what it may not do; a transaction of its own, as nothing else happened. */
export async function recordDenial(context: Context, denied: { route: string; code: string }): Promise<void> {
  await context.db.transaction((tx) =>
    recordAuditEvent(tx, context, {
      action: 'request.deny',
      objectType: 'route',
      objectId: denied.route,
      reason: denied.code,
    }),
  )
}
