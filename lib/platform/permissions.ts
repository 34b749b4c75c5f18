export const ROLES = ['ml-lead', 'administrator', 'reviewer', 'physician', 'read-only'] as const
export type Role = (typeof ROLES)[number]

/** What may be done, by whom: the one table that the server's guard and the user interface read. */
export const PERMISSIONS = {
  'dataset:read': ['ml-lead', 'administrator', 'read-only'],
  'dataset:write': ['ml-lead'],
  // Pixels alone: keys, reference classes and what models said need the reading of datasets or runs.
  'image:read': ['ml-lead', 'administrator', 'reviewer', 'read-only'],
  'model-version:read': ['ml-lead', 'administrator', 'read-only'],
  'model-version:write': ['ml-lead'],
  'evaluation-run:read': ['ml-lead', 'administrator', 'read-only'],
  'evaluation-run:write': ['ml-lead'],
  'prediction:create': ['ml-lead', 'administrator', 'physician'],
  'user:manage': ['administrator'],
  'api-key:own': ['ml-lead', 'administrator', 'reviewer', 'physician', 'read-only'],
  'api-key:manage': ['administrator'],
  'audit-event:read': ['administrator'],
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof PERMISSIONS

/** True when one of the roles holds the permission. */
export function mayDo(roles: readonly Role[], permission: Permission): boolean {
  const holders: readonly Role[] = PERMISSIONS[permission]
  return roles.some((role) => holders.includes(role))
}

/** The roles among stored names; a name that no longer is a role gives nothing. */
export function knownRoles(names: readonly string[]): Role[] {
  return ROLES.filter((role) => names.includes(role))
}

/** Everything that these roles allow, for the user interface. */
export function permissionsOf(roles: readonly Role[]): Permission[] {
  return (Object.keys(PERMISSIONS) as Permission[]).filter((permission) => mayDo(roles, permission))
}
