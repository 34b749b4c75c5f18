import { randomUUID } from 'node:crypto'
import { and, eq } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { accounts } from '#db/schema/auth.ts'

/** Gives a person this password, the first one or another. */
export async function replacePassword(
  tx: Database,
  about: { userId: string; passwordHash: string; now: Date },
): Promise<void> {
  const { userId, passwordHash: password, now } = about
  const updated = await tx
    .update(accounts)
    .set({ password, updatedAt: now })
    .where(and(eq(accounts.userId, userId), eq(accounts.providerId, 'credential')))
    .returning({ id: accounts.id })
  if (updated.length > 0) return
  const account = { id: randomUUID(), userId, accountId: userId, providerId: 'credential' }
  await tx.insert(accounts).values({ ...account, password, createdAt: now, updatedAt: now })
}
