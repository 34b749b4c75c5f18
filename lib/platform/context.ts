import type { Database } from '#db/client.ts'
import type { Role } from './permissions.ts'

/** Who acts: a signed-in user, an API key (of its owner), a background task, or an anonymous client (open routes). */
export type Actor = {
  type: 'user' | 'api-key' | 'task' | 'anonymous'
  id: string
  /** Shown in the audit log: an e-mail address, a key's name, a task's name. */
  name: string
  roles: readonly Role[]
  /** The person behind: the user, or the key's owner. Two-person rules compare this, not `id`. */
  userId?: string
}

/** What every verb of the domain gets first; domain code reads no session, header, environment or clock. */
export type Context = {
  db: Database
  actor: Actor
  now: Date
  requestId: string
  /** Aborts when the caller goes away; absent where a caller cannot. */
  signal?: AbortSignal
}

/** The actor of background loops. */
export function taskActor(name: string): Actor {
  return { type: 'task', id: name, name, roles: [] }
}
