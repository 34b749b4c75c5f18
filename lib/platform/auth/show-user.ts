import { knownRoles } from '#lib/platform/permissions.ts'
import type { UserWithState } from './find-user.ts'
import type { UserView } from './schema.ts'

/** A person as administrators see them. */
export function showUser(user: UserWithState): UserView {
  const { id, email, name, createdAt, lastSignInAt, disabledAt } = user
  return {
    id,
    email,
    name,
    roles: knownRoles(user.roles),
    status: statusOf(user),
    createdAt,
    lastSignInAt,
    disabledAt,
  }
}

function statusOf(user: UserWithState): UserView['status'] {
  if (user.disabledAt !== null) return 'disabled'
  return user.hasPassword ? 'active' : 'invited'
}
