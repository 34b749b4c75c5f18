import { createHash } from 'node:crypto'
import { and, eq, lt, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { signInAttempts } from '#db/schema/auth.ts'
import { ServiceError } from '#lib/errors.ts'

/** A forgetful person needs fewer; a guesser gets 960 a day. */
export const MAX_ATTEMPTS_PER_WINDOW = 10
const WINDOW_MS = 15 * 60_000

/**
 * Counts an attempt before its password is looked at; throws TOO_MANY_REQUESTS beyond the limit. One statement
 * counts and tells, so that attempts sent at once cannot all see the same number.
 */
export async function countSignInAttempt(db: Database, email: string, now: Date): Promise<void> {
  const windowStart = Math.floor(now.getTime() / WINDOW_MS) * WINDOW_MS
  const windowStartedAt = new Date(windowStart)
  const subjectSha256 = subjectOf(email)
  const [row] = await db
    .insert(signInAttempts)
    .values({ subjectSha256, windowStartedAt, count: 1 })
    .onConflictDoUpdate({
      target: [signInAttempts.subjectSha256, signInAttempts.windowStartedAt],
      set: { count: sql`${signInAttempts.count} + 1` },
    })
    .returning({ count: signInAttempts.count })
  const count = row?.count ?? 1
  if (count === 1) await db.delete(signInAttempts).where(lt(signInAttempts.windowStartedAt, windowStartedAt))
  if (count <= MAX_ATTEMPTS_PER_WINDOW) return
  throw new ServiceError(
    'TOO_MANY_REQUESTS',
    'Too many attempts to sign in to this account: wait, then try again.',
    {
      details: { retryAfterSeconds: (windowStart + WINDOW_MS - now.getTime()) / 1000 },
    },
  )
}

/** The right password starts the count anew. */
export async function forgetSignInAttempts(db: Database, email: string): Promise<void> {
  await db.delete(signInAttempts).where(and(eq(signInAttempts.subjectSha256, subjectOf(email))))
}

function subjectOf(email: string): string {
  return createHash('sha256').update(`account ${email}`).digest('hex')
}
