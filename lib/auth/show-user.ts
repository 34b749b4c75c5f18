import type { User } from './create-user.ts'
import { knownRoles } from './permissions.ts'

/** A person as administrators see them. */
export function showUser(user: User) {
  const { id, email, name } = user
  return {
    id,
    email,
    name,
    roles: knownRoles(user.roles),
    createdAt: user.createdAt.toISOString(),
    disabledAt: user.disabledAt?.toISOString() ?? null,
  }
}
