import { randomBytes, randomUUID } from 'node:crypto'
import { eq } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { sessions, users } from '#db/schema/auth.ts'
import { recordAuditEvent } from '#lib/platform/audit/record.ts'
import type { Actor, Context } from '#lib/platform/context.ts'
import type { Settings } from '#lib/platform/env/env.ts'
import { CLIENT_ADDRESS_HEADER } from '#lib/platform/http/client-address.ts'
import { knownRoles } from '#lib/platform/permissions.ts'
import type { User } from './create-user.ts'
import { readDeviceEntries } from './known-device.ts'
import { serviceSecret } from './service-secret.ts'
import { sessionSetCookie } from './session-cookie.ts'

/** Where a session is opened from, as its person sees it in the list of their sessions. */
export type Device = {
  userAgent: string | null
  address: string | null
  /** What its cookie says of the accounts that signed in on it before. */
  entries: readonly string[]
}

export function deviceOf(headers: Headers, settings: Pick<Settings, 'baseUrl'>): Device {
  return {
    userAgent: headers.get('user-agent'),
    address: headers.get(CLIENT_ADDRESS_HEADER),
    entries: readDeviceEntries(headers, settings),
  }
}

/** What a person who signs in is to the audit log. */
export function userActor(user: User): Actor {
  return { type: 'user', id: user.id, name: user.email, roles: knownRoles(user.roles), userId: user.id }
}

/** Signs a user in who has proved who they are by a one-time link; returns the session's `Set-Cookie`. */
export async function openSession(
  tx: Database,
  context: Context,
  about: { user: User; device: Device; settings: Settings },
): Promise<string> {
  const { user, device, settings } = about
  const { now } = context
  const token = randomBytes(32).toString('base64url')
  await tx.insert(sessions).values({
    id: randomUUID(),
    userId: user.id,
    token,
    expiresAt: new Date(now.getTime() + settings.sessionSeconds * 1000),
    createdAt: now,
    updatedAt: now,
  })
  await noteSignIn(tx, { ...context, actor: userActor(user) }, { userId: user.id, token, device })
  return sessionSetCookie(token, {
    secret: serviceSecret(settings),
    baseUrl: settings.baseUrl,
    maxAgeSeconds: settings.sessionSeconds,
  })
}

/** What is kept of every sign-in: from where, when, and that it was. */
export async function noteSignIn(
  tx: Database,
  context: Context,
  { userId, token, device }: { userId: string; token: string; device: Omit<Device, 'entries'> },
): Promise<void> {
  const userAgent = device.userAgent?.slice(0, 300) ?? null
  await tx.update(sessions).set({ userAgent, ipAddress: device.address }).where(eq(sessions.token, token))
  await tx.update(users).set({ lastSignInAt: context.now }).where(eq(users.id, userId))
  await recordAuditEvent(tx, context, { action: 'session.open', objectType: 'user', objectId: userId })
}
