import { EmptyState } from '#app/_shell/empty-state.tsx'
import { ButtonLink } from '#app/_shell/links.tsx'
import { homeOf } from '#app/_shell/navigation.ts'
import { requirePageActor } from '#app/_shell/page-actor.ts'

export const metadata = { title: 'No access' }

export default async function NoAccessPage() {
  const { roles, permissions } = await requirePageActor()
  return (
    <EmptyState
      order={1}
      title="You don’t have access"
      action={<ButtonLink href={homeOf(permissions)}>Go to home</ButtonLink>}
    >
      You are signed in {roles.length === 0 ? 'without a role' : `as ${roles.join(', ')}`}. An administrator
      can change your roles.
    </EmptyState>
  )
}
