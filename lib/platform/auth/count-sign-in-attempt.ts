import { createHash } from 'node:crypto'
import { and, eq, lt, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { signInAttempts } from '#db/schema/auth.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { addressGroup } from '#lib/platform/http/client-address.ts'

/** A forgetful person needs fewer; a guesser gets 960 a day. */
export const MAX_ATTEMPTS_PER_WINDOW = 10
/** Failures of a whole hospital behind one address; one who tries a common password on every account needs more. */
export const MAX_ATTEMPTS_PER_ADDRESS = 100
const WINDOW_MS = 15 * 60_000

/** `address`: of the client, where it is known. */
export type SignInAttempt = { email: string; address: string | null }

/**
 * Counts an attempt before its password is looked at; throws TOO_MANY_REQUESTS beyond the limit of the account, or of
 * the address. What the account's limit refuses is not counted for the address: a script that hammers one account
 * must not lock out its neighbours.
 */
export async function countSignInAttempt(db: Database, attempt: SignInAttempt, now: Date): Promise<void> {
  const account = await countUp(db, ofAccount(attempt.email), now)
  if (account > MAX_ATTEMPTS_PER_WINDOW) throw tooMany('to this account', now)
  const address = ofAddress(attempt.address)
  if (address === null) return
  if ((await countUp(db, address, now)) > MAX_ATTEMPTS_PER_ADDRESS) throw tooMany('from this address', now)
}

/** The right password starts the account's count anew, and is no failure of its address. */
export async function forgetSignInAttempts(db: Database, attempt: SignInAttempt, now: Date): Promise<void> {
  await db.delete(signInAttempts).where(eq(signInAttempts.subjectSha256, ofAccount(attempt.email)))
  const address = ofAddress(attempt.address)
  if (address === null) return
  await db
    .update(signInAttempts)
    .set({ count: sql`greatest(${signInAttempts.count} - 1, 0)` })
    .where(
      and(eq(signInAttempts.subjectSha256, address), eq(signInAttempts.windowStartedAt, windowStart(now))),
    )
}

/** One statement counts and tells, so that attempts sent at once cannot all see the same number. */
async function countUp(db: Database, subjectSha256: string, now: Date): Promise<number> {
  const windowStartedAt = windowStart(now)
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
  return count
}

function tooMany(where: string, now: Date): ServiceError {
  const message = `Too many attempts to sign in ${where}: wait, then try again.`
  const retryAfterSeconds = (windowStart(now).getTime() + WINDOW_MS - now.getTime()) / 1000
  return new ServiceError('TOO_MANY_REQUESTS', message, { details: { retryAfterSeconds } })
}

function windowStart(now: Date): Date {
  return new Date(Math.floor(now.getTime() / WINDOW_MS) * WINDOW_MS)
}

function ofAccount(email: string): string {
  return createHash('sha256').update(`account ${email}`).digest('hex')
}

function ofAddress(address: string | null): string | null {
  const group = addressGroup(address ?? '')
  return group === null ? null : createHash('sha256').update(`address ${group}`).digest('hex')
}
