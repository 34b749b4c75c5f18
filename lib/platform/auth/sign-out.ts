import { eq } from 'drizzle-orm'
import { sessions } from '#db/schema/auth.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { sessionCookieName } from './session-cookie.ts'

/** Ends the session of this token on the server; returns the `Set-Cookie` that removes it from the browser. */
export async function signOut(context: Context, token: string | null, baseUrl: string): Promise<string> {
  if (token !== null)
    await context.db.transaction(async (tx) => {
      const ended = await tx
        .delete(sessions)
        .where(eq(sessions.token, token))
        .returning({ userId: sessions.userId })
      for (const { userId } of ended)
        await recordAuditEvent(tx, context, { action: 'session.close', objectType: 'user', objectId: userId })
    })
  const secure = baseUrl.startsWith('https:') ? '; Secure' : ''
  return `${sessionCookieName(baseUrl)}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax${secure}`
}
