import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { getUserToChange } from './find-user.ts'
import { requireEnabled } from './invite-user.ts'
import { issueLink } from './one-time-link.ts'
import type { OneTimeLink } from './schema.ts'

/** A link by which a person chooses a new password; until it is used, the old one works. */
export async function issuePasswordReset(
  context: Context,
  id: string,
  baseUrl: string,
): Promise<OneTimeLink> {
  return context.db.transaction(async (tx) => {
    const user = await getUserToChange(tx, id)
    requireEnabled(user)
    if (!user.hasPassword)
      throw new ServiceError('CONFLICT', 'This user has no password yet: renew the invitation instead.', {
        code: 'STILL_INVITED',
      })
    const link = await issueLink(tx, { purpose: 'password-reset', userId: id, baseUrl, now: context.now })
    await recordAuditEvent(tx, context, {
      action: 'user.offer-password-reset',
      objectType: 'user',
      objectId: id,
      after: { expiresAt: link.expiresAt },
    })
    return link
  })
}
