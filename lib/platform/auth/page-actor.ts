import { randomUUID } from 'node:crypto'
import { cancelledBy } from '#db/client.ts'
import type { Context } from '#lib/platform/context.ts'
import { type Permission, permissionsOf, type Role } from '#lib/platform/permissions.ts'
import type { Service } from '#lib/platform/service/service.ts'
import { authenticate } from './authenticate.ts'

/** Who looks at a page: a signed-in person. `context` is what the domain's queries want. */
export type PageActor = {
  context: Context
  sessionId: string
  user: { id: string; email: string; name: string }
  roles: readonly Role[]
  permissions: readonly Permission[]
}

/**
 * The person of a page's session cookie, null where no user is signed in. Rendering a page counts as a use of the
 * session; pass `countAsUse: false` where a page renews itself without a user. Once `signal` aborts, the page's statements
 * end: no person waits for them.
 */
export async function findPageActor(
  service: Service,
  cookieHeader: string | null,
  { countAsUse = true, signal }: { countAsUse?: boolean; signal?: AbortSignal | undefined } = {},
): Promise<PageActor | null> {
  const now = new Date()
  const headers = new Headers(cookieHeader === null ? {} : { cookie: cookieHeader })
  const found = await authenticate(service, headers, { now, countAsUse })
  if (found?.by !== 'cookie') return null
  const { actor, sessionId, fullName } = found
  const db = signal === undefined ? service.db : cancelledBy(service.db, signal)
  const left = signal === undefined ? {} : { signal }
  return {
    context: { db, actor, now, requestId: randomUUID(), ...left },
    sessionId,
    user: { id: actor.id, email: actor.name, name: fullName },
    roles: actor.roles,
    permissions: permissionsOf(actor.roles),
  }
}
