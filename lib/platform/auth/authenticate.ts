import type { Actor } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { Service } from '#lib/platform/service/service.ts'
import { findApiKeyActor } from './find-api-key-actor.ts'
import { findSessionActor } from './find-session-actor.ts'
import { requestSessionToken } from './session-cookie.ts'

export type Authenticated =
  | { by: 'key'; actor: Actor }
  | { by: 'cookie'; actor: Actor; sessionId: string; fullName: string }

/**
 * Who sends this request: an API key goes before a session. Credentials that are there but wrong are refused, also
 * where none were needed; null only where there are none (an ended session's cookie counts as none).
 * `countAsUse` is false where no person did anything: a screen that is left open must not keep its session alive.
 */
export async function authenticate(
  { db, settings }: Pick<Service, 'db' | 'settings'>,
  headers: Headers,
  options: { now: Date; countAsUse: boolean },
): Promise<Authenticated | null> {
  const authorization = headers.get('authorization')
  if (authorization !== null) {
    const key = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(authorization)?.[1]
    const actor = key === undefined ? null : await findApiKeyActor(db, key, options.now)
    if (actor === null)
      throw new ServiceError('UNAUTHENTICATED', 'This API key is not valid.', { code: 'BAD_API_KEY' })
    return { by: 'key', actor }
  }
  const token = requestSessionToken(headers, settings)
  if (token === null) return null
  const idleSeconds = settings.sessionIdleSeconds
  const session = await findSessionActor(db, token, { ...options, idleSeconds })
  return session === null ? null : { by: 'cookie', ...session }
}
