'use client'

import { Button, Table } from '@mantine/core'
import { IconUserPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { api } from '#app/_data/api.ts'
import { ListingRest } from '#app/_data/listing-rest.tsx'
import { type Listing, useListing } from '#app/_data/use-listing.ts'
import { Panel } from '#app/_shell/panel.tsx'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { InviteDialog } from './invite-dialog.tsx'
import type { ShownUser } from './user.ts'
import { type UserAction, UserDialog } from './user-dialog.tsx'
import { UserRow } from './user-row.tsx'

type Open = { action: 'invite' } | { action: UserAction; user: ShownUser } | null

/** All user accounts and the actions on each. */
export function UserList({ initial }: { initial: Listing<ShownUser> }) {
  const users = useListing({
    key: ['users'],
    load: (cursor, signal) => dataOf(api.GET('/api/users', { params: { query: { cursor } }, signal })),
    initial,
  })
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const invite = (
    <Button
      onClick={() => setOpen({ action: 'invite' })}
      leftSection={<IconUserPlus size={16} aria-hidden />}
    >
      Invite user
    </Button>
  )
  return (
    <Panel title="Users" actions={invite}>
      <Table.ScrollContainer minWidth={720}>
        <Table aria-label="Users">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Roles</Table.Th>
              <Table.Th>Status</Table.Th>
              <Table.Th>Last sign-in</Table.Th>
              <Table.Th w={60}>
                <span className="visually-hidden">Actions</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {(users.items ?? []).map((user) => (
              <UserRow key={user.id} user={user} onAction={(action) => setOpen({ action, user })} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <ListingRest {...users} more="Show more users" />
      {open?.action === 'invite' && <InviteDialog close={close} renew={users.renew} />}
      {open !== null && open.action !== 'invite' && (
        <UserDialog action={open.action} user={open.user} close={close} renew={users.renew} />
      )}
    </Panel>
  )
}
