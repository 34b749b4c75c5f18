import { Badge, Group } from '@mantine/core'
import type { Role } from '#lib/platform/permissions.ts'
import { ROLE_NAMES } from './role-names.ts'

export function RoleBadges({ roles }: { roles: readonly Role[] }) {
  return (
    <Group gap={4}>
      {roles.map((role) => (
        <Badge key={role} variant="default" size="sm" tt="none" fw={500}>
          {ROLE_NAMES[role]}
        </Badge>
      ))}
    </Group>
  )
}
