'use client'

import { ActionIcon, Badge, Group, Menu, Table, Text } from '@mantine/core'
import { IconBan, IconDots, IconLink, IconPencil, IconTrash, IconUserCheck } from '@tabler/icons-react'
import { RoleBadges } from '#app/_access/role-badges.tsx'
import { Instant } from '#app/_format/instant.tsx'
import { useSignedInUser } from '#app/_shell/signed-in-user.tsx'
import type { ShownUser } from './user.ts'
import type { UserAction } from './user-dialog.tsx'

const STATUS = {
  active: { name: 'Active', color: 'reader' },
  invited: { name: 'Invited', color: 'gray' },
  disabled: { name: 'Disabled', color: 'red' },
} as const

export function UserRow({ user, onAction }: { user: ShownUser; onAction: (action: UserAction) => void }) {
  const own = useSignedInUser().id === user.id
  const { name, color } = STATUS[user.status]
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs">
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {user.name}
          </Text>
          {own && (
            <Badge variant="default" size="xs" tt="none">
              You
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {user.email}
        </Text>
      </Table.Td>
      <Table.Td>
        <RoleBadges roles={user.roles} />
      </Table.Td>
      <Table.Td>
        <Badge variant="outline" color={color} tt="none">
          {name}
        </Badge>
      </Table.Td>
      <Table.Td className="figures">
        {user.lastSignInAt === null ? (
          <Text size="sm" c="dimmed">
            Never
          </Text>
        ) : (
          <Instant at={user.lastSignInAt} />
        )}
      </Table.Td>
      <Table.Td>
        <UserMenu user={user} own={own} onAction={onAction} />
      </Table.Td>
    </Table.Tr>
  )
}

/** Administrators cannot disable, delete or demote themselves. */
function UserMenu(props: { user: ShownUser; own: boolean; onAction: (action: UserAction) => void }) {
  const { user, own, onAction } = props
  const { status } = user
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${user.name}`}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => onAction('change')}>
          {own ? 'Change name' : 'Change name and roles'}
        </Menu.Item>
        {status === 'invited' && (
          <Menu.Item leftSection={<IconLink size={16} aria-hidden />} onClick={() => onAction('invitation')}>
            New invitation link
          </Menu.Item>
        )}
        {status === 'active' && !own && (
          <Menu.Item
            leftSection={<IconLink size={16} aria-hidden />}
            onClick={() => onAction('password-reset')}
          >
            Password-reset link
          </Menu.Item>
        )}
        {!own && status === 'disabled' && (
          <Menu.Item leftSection={<IconUserCheck size={16} aria-hidden />} onClick={() => onAction('enable')}>
            Enable
          </Menu.Item>
        )}
        {!own && status !== 'disabled' && (
          <Menu.Item leftSection={<IconBan size={16} aria-hidden />} onClick={() => onAction('disable')}>
            Disable
          </Menu.Item>
        )}
        {!own && (
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => onAction('delete')}
          >
            Delete
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
