import type { Database } from '#db/client.ts'
import type { Actor } from '#lib/context.ts'
import { ServiceError } from '#lib/errors.ts'
import { findApiKeyActor } from './find-api-key-actor.ts'
import { findSessionActor } from './find-session-actor.ts'
import { readSessionToken } from './session-cookie.ts'

export type Authenticated = { actor: Actor; by: 'cookie' | 'key' }

/**
 * Who sends this request: an API key goes before a session. Credentials that are there but wrong are refused, also
 * where none were needed; null only where there are none (an ended session's cookie counts as none).
 */
export async function authenticate(
  headers: Headers,
  options: { db: Database; now: Date; secret: string; baseUrl: string },
): Promise<Authenticated | null> {
  const authorization = headers.get('authorization')
  if (authorization !== null) {
    const key = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(authorization)?.[1]
    const actor = key === undefined ? null : await findApiKeyActor(options.db, key, options.now)
    if (actor === null)
      throw new ServiceError('UNAUTHENTICATED', 'This API key is not valid.', { code: 'BAD_API_KEY' })
    return { actor, by: 'key' }
  }
  const token = readSessionToken(headers.get('cookie'), options)
  if (token === null) return null
  const actor = await findSessionActor(options.db, token, options.now)
  return actor === null ? null : { actor, by: 'cookie' }
}
