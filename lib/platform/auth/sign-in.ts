import { eq } from 'drizzle-orm'
import { sessions, users } from '#db/schema/auth.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Context } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { knownRoles, type Role } from '#lib/platform/permissions.ts'
import type { Service } from '#lib/platform/service/service.ts'
import { getBetterAuth } from './better-auth.ts'
import { countSignInAttempt, forgetSignInAttempts, type SignInAttempt } from './count-sign-in-attempt.ts'
import { noteSignIn, userActor } from './open-session.ts'

export type SignedIn = {
  user: { id: string; email: string; name: string; roles: Role[] }
  /** `Set-Cookie` of the session. */
  cookies: string[]
}

/**
 * Opens a session for the right password. The audit event follows the session's row in a transaction of its own:
 * the cookie leaves only when both are there, and a session whose cookie nobody has got opens nothing.
 * An unknown address, a wrong password and a disabled person are answered alike and take equally long.
 */
export async function signIn(
  service: Service,
  context: Context,
  input: SignInAttempt & { password: string; userAgent: string | null },
): Promise<SignedIn> {
  const { db } = context
  await countSignInAttempt(db, input, context.now)
  const [user] = await db.select().from(users).where(eq(users.email, input.email))
  const response = await getBetterAuth(service).api.signInEmail({
    body: { email: input.email, password: input.password },
    asResponse: true,
  })
  const token = response.ok ? sessionTokenOf(await response.json()) : null
  if (user === undefined || token === null || user.disabledAt !== null) {
    if (token !== null) await db.delete(sessions).where(eq(sessions.token, token))
    if (response.status >= 500)
      throw new ServiceError('UNAVAILABLE', 'Signing in is not possible at the moment.')
    await db.transaction((tx) =>
      recordAuditEvent(tx, context, {
        action: 'session.refuse',
        objectType: 'user',
        objectId: user?.id ?? 'unknown',
      }),
    )
    throw new ServiceError('UNAUTHENTICATED', 'E-mail address or password is wrong.', {
      code: 'WRONG_CREDENTIALS',
    })
  }
  const { userAgent, address } = input
  await forgetSignInAttempts(db, input, context.now)
  const opened = { userId: user.id, token, device: { userAgent, address } }
  await db.transaction((tx) => noteSignIn(tx, { ...context, actor: userActor(user) }, opened))
  const { id, email, name } = user
  return {
    user: { id, email, name, roles: knownRoles(user.roles) },
    cookies: response.headers.getSetCookie(),
  }
}

function sessionTokenOf(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('token' in body)) return null
  return typeof body.token === 'string' ? body.token : null
}
