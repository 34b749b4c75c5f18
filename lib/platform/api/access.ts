import type { Actor } from '#lib/platform/context.ts'
import type { Settings } from '#lib/platform/env/env.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { mayDo } from '#lib/platform/permissions.ts'
import type { Access } from './endpoint.ts'

/** The actor of calls without sign-in. */
export const ANONYMOUS: Actor = { type: 'anonymous', id: 'anonymous', name: 'anonymous', roles: [] }

/** What a route demands under the current settings. */
export function demandOf(
  access: Access,
  settings: Pick<Settings, 'compatibilityApi'>,
): Exclude<Access, 'compatibility'> {
  if (access !== 'compatibility') return access
  if (settings.compatibilityApi === 'off')
    throw new ServiceError('NOT_FOUND', 'Nothing exists at this address.')
  return settings.compatibilityApi === 'open' ? 'open' : 'prediction:create'
}

/** Denied unless the table says otherwise. */
export function requireAccess(actor: Actor | null, demand: Exclude<Access, 'compatibility'>): Actor {
  if (demand === 'open') return actor ?? ANONYMOUS
  if (actor === null)
    throw new ServiceError('UNAUTHENTICATED', 'Sign in, or send an API key as Authorization: Bearer <key>.')
  if (demand !== 'session' && !mayDo(actor.roles, demand))
    throw new ServiceError('FORBIDDEN', 'Your roles do not allow this.', {
      details: { permission: demand },
    })
  return actor
}
