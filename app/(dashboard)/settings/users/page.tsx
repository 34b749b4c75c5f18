import { Stack } from '@mantine/core'
import { RoleTable } from '#app/_access/role-table.tsx'
import { firstPage } from '#app/_data/first-page.ts'
import { requirePageActor } from '#app/_shell/page-actor.ts'
import { PageHeader } from '#app/_shell/page-header.tsx'
import { asSent } from '#lib/platform/api/sent.ts'
import { listUsers } from '#lib/platform/auth/list-users.ts'
import { showUser } from '#lib/platform/auth/show-user.ts'
import { UserList } from './user-list.tsx'

export const metadata = { title: 'Users' }

export default async function UsersPage() {
  const person = await requirePageActor('user:manage')
  const page = firstPage(person, '/api/users')
  const { items, nextCursor } = page.of(await listUsers(person.context, page), (user) => [user.email])
  return (
    <>
      <PageHeader title="Users" description="User accounts and their roles." />
      <Stack gap="lg">
        <UserList initial={{ items: asSent(items.map(showUser)), nextCursor }} />
        <RoleTable />
      </Stack>
    </>
  )
}
