import { createHash } from 'node:crypto'
import { and, eq, inArray, lt, sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { signInAttempts } from '#db/schema/auth.ts'
import { isBusy, ServiceError } from '#lib/platform/errors.ts'

const WINDOW_MS = 15 * 60_000

/** How many attempts of one subject are looked at within 15 minutes. */
export type AttemptLimit = {
  /** What is counted: an account, an address, a link. Stored hashed. */
  subject: string
  most: number
  /** Ends the sentence "Too many attempts …". */
  where: string
}

/**
 * Counts an attempt before its password is looked at; throws TOO_MANY_REQUESTS beyond the first limit that is full.
 * What one limit refuses is not counted for those after it: a script that hammers one account must not fill the count
 * of its address, and one address must not fill the count of an account. Where one is full already, none is counted:
 * an address beyond its limit leaves no rows of the accounts it makes up.
 */
export async function countAttempt(db: Database, limits: readonly AttemptLimit[], now: Date): Promise<void> {
  const full = await findFull(db, limits, now)
  if (full !== undefined) throw tooMany(full.where, now)
  for (const { subject, most, where } of limits)
    if ((await countUp(db, hashOf(subject), now)) > most) throw tooMany(where, now)
}

/** An attempt that was no failure, or whose password was never looked at, leaves the counts as they were. */
export async function takeBackAttempt(
  db: Database,
  limits: readonly AttemptLimit[],
  now: Date,
): Promise<void> {
  await db
    .update(signInAttempts)
    .set({ count: sql`greatest(${signInAttempts.count} - 1, 0)` })
    .where(and(isOneOf(limits), eq(signInAttempts.windowStartedAt, windowStart(now))))
}

/** Does what needs a hash; the attempt does not count where too many wait for theirs. */
export async function uncountedIfBusy<T>(
  db: Database,
  { limits, now }: { limits: readonly AttemptLimit[]; now: Date },
  hash: () => Promise<T>,
): Promise<T> {
  try {
    return await hash()
  } catch (error) {
    if (error instanceof ServiceError && isBusy(error)) await takeBackAttempt(db, limits, now)
    throw error
  }
}

/** Who has proved to be the right one starts anew. */
export async function forgetAttempts(db: Database, limits: readonly AttemptLimit[]): Promise<void> {
  await db.delete(signInAttempts).where(isOneOf(limits))
}

function isOneOf(limits: readonly AttemptLimit[]) {
  return inArray(
    signInAttempts.subjectSha256,
    limits.map(({ subject }) => hashOf(subject)),
  )
}

/** The first limit that is full before this attempt. */
async function findFull(
  db: Database,
  limits: readonly AttemptLimit[],
  now: Date,
): Promise<AttemptLimit | undefined> {
  const rows = await db
    .select({ subject: signInAttempts.subjectSha256, count: signInAttempts.count })
    .from(signInAttempts)
    .where(and(isOneOf(limits), eq(signInAttempts.windowStartedAt, windowStart(now))))
  const counts = new Map(rows.map(({ subject, count }) => [subject, count]))
  return limits.find(({ subject, most }) => (counts.get(hashOf(subject)) ?? 0) >= most)
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
  const message = `Too many attempts ${where}: wait, then try again.`
  const retryAfterSeconds = (windowStart(now).getTime() + WINDOW_MS - now.getTime()) / 1000
  return new ServiceError('TOO_MANY_REQUESTS', message, { details: { retryAfterSeconds } })
}

function windowStart(now: Date): Date {
  return new Date(Math.floor(now.getTime() / WINDOW_MS) * WINDOW_MS)
}

function hashOf(subject: string): string {
  return createHash('sha256').update(subject).digest('hex')
}
