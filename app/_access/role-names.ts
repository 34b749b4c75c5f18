import { type Permission, permissionsOf, type Role } from '#lib/platform/permissions.ts'

export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  'ml-lead': 'ML lead',
  administrator: 'Administrator',
  reviewer: 'Reviewer',
  physician: 'Physician',
  'read-only': 'Read-only',
}

const PERMISSION_NAMES: Readonly<Record<Permission, string>> = {
  'dataset:read': 'see datasets',
  'dataset:write': 'register, upload and archive datasets',
  'image:read': 'see images',
  'model-version:read': 'see model versions',
  'model-version:write': 'register and archive model versions',
  'evaluation-run:read': 'see evaluations',
  'evaluation-run:write': 'start, cancel and delete evaluations',
  'prediction:create': 'run a model on an image',
  'user:manage': 'manage users',
  'api-key:own': 'create their own API keys',
  'api-key:manage': 'see and revoke all API keys',
  'audit-event:read': 'read the audit log',
}

/** "See datasets". */
export function permissionName(permission: Permission): string {
  const name = PERMISSION_NAMES[permission]
  return name.charAt(0).toUpperCase() + name.slice(1)
}

/** What a role may do, in words, from the table that the server's guard reads. */
export function whatRoleMayDo(role: Role): string {
  const [first, ...others] = permissionsOf([role])
  if (first === undefined) return ''
  return [permissionName(first), ...others.map((permission) => PERMISSION_NAMES[permission])].join(', ')
}
