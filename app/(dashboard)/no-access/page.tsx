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
      title="Your role does not open this page"
      action={<ButtonLink href={homeOf(permissions)}>To your first page</ButtonLink>}
    >
      You are signed in as {roles.join(', ') || 'somebody without a role'}. An administrator can change that.
    </EmptyState>
  )
}
