import type { Actor } from '#lib/platform/context.ts'
import { ServiceError } from '#lib/platform/errors.ts'

/** Sessions and passwords are a person's: an API key, even one of theirs, does not touch them. */
export function requirePerson(actor: Actor): { userId: string; email: string } {
  if (actor.type !== 'user')
    throw new ServiceError('FORBIDDEN', 'An API key cannot do this. Sign in instead.', {
      code: 'SESSION_NEEDED',
    })
  return { userId: actor.id, email: actor.name }
}
