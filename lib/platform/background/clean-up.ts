import { lt, or } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { sessions, verifications } from '#db/schema/auth.ts'
import { idempotencyKeys } from '#db/schema/idempotency-key.ts'

const DAY_MS = 24 * 3600 * 1000
/** Long after the last client has given up repeating a call. */
const IDEMPOTENCY_KEYS_KEPT_MS = 7 * DAY_MS
/** Longer than a session may be idle under any setting: what is removed here has ended long before. */
const IDLE_SESSIONS_KEPT_MS = 7 * DAY_MS

/** Removes what is no longer usable: stored replies of repeatable calls, ended sessions, expired proofs. */
export async function cleanUp(db: Database, now: Date): Promise<void> {
  const before = (milliseconds: number) => new Date(now.getTime() - milliseconds)
  await db.delete(idempotencyKeys).where(lt(idempotencyKeys.createdAt, before(IDEMPOTENCY_KEYS_KEPT_MS)))
  await db
    .delete(sessions)
    .where(or(lt(sessions.expiresAt, now), lt(sessions.updatedAt, before(IDLE_SESSIONS_KEPT_MS))))
  await db.delete(verifications).where(lt(verifications.expiresAt, now))
}
