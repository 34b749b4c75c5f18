import { and, eq, isNull } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { accounts, apiKeys, sessions, users } from '#db/schema/auth.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { ROLES, type Role } from '#lib/platform/permissions.ts'
import { createApiKey } from './create-api-key.ts'
import { insertUser } from './create-user.ts'
import { hashPassword } from './hash-password.ts'
import { revokeWithDescendants } from './revoke-api-key.ts'

const DEMO_KEY_NAME = 'Demo'

type Person = { role: Role; email: string; password: string }

/** Gives each demo person this password (making who is missing) and returns a new key; the demo's old key ends. */
export async function renewDemoAccess(context: Context, people: readonly Person[]): Promise<string> {
  const hashed = await Promise.all(
    people.map(async (person) => ({ ...person, passwordHash: await hashPassword(person.password) })),
  )
  return context.db.transaction(async (tx) => {
    const inside = { ...context, db: tx }
    for (const { email, role, passwordHash } of hashed) {
      const [user] = await tx.select().from(users).where(eq(users.email, email))
      if (user === undefined)
        await insertUser(tx, inside, {
          email,
          passwordHash,
          name: `Demo ${role}`,
          roles: [role],
          isDemo: true,
        })
      else await replacePassword(tx, inside, user.id, passwordHash)
    }
    await revokeDemoKeys(tx, inside)
    const { key } = await createApiKey(inside, { name: DEMO_KEY_NAME, roles: ROLES })
    return key
  })
}

async function replacePassword(
  tx: Database,
  context: Context,
  userId: string,
  password: string,
): Promise<void> {
  const account = and(eq(accounts.userId, userId), eq(accounts.providerId, 'credential'))
  await tx.update(accounts).set({ password, updatedAt: context.now }).where(account)
  await tx.delete(sessions).where(eq(sessions.userId, userId))
  await recordAuditEvent(tx, context, {
    action: 'user.replace-password',
    objectType: 'user',
    objectId: userId,
  })
}

async function revokeDemoKeys(tx: Database, context: Context): Promise<void> {
  const demoKeys = and(eq(apiKeys.createdBy, context.actor.id), eq(apiKeys.name, DEMO_KEY_NAME))
  const open = await tx
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .where(and(demoKeys, isNull(apiKeys.revokedAt)))
  for (const { id } of open) await revokeWithDescendants(tx, context, id)
}
