import { Group, Stack, Text } from '@mantine/core'
import { RoleBadges } from '#app/_access/role-badges.tsx'
import { firstPage } from '#app/_data/first-page.ts'
import { requirePageActor } from '#app/_shell/page-actor.ts'
import { PageHeader } from '#app/_shell/page-header.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { asSent } from '#lib/platform/api/sent.ts'
import { listSessions, showSession } from '#lib/platform/auth/list-sessions.ts'
import { positionOf } from '#lib/platform/newest-first.ts'
import { getService } from '#lib/platform/service/service.ts'
import { PasswordForm } from './password-form.tsx'
import { SessionList } from './session-list.tsx'

export const metadata = { title: 'Your account' }

export default async function AccountPage() {
  const person = await requirePageActor()
  const { user, roles, context, sessionId } = person
  const page = firstPage(person, '/api/sessions')
  const idleSeconds = getService().settings.sessionIdleSeconds
  const rows = page.of(await listSessions(context, { ...page, idleSeconds }), positionOf)
  const sessions = rows.items.map((session) => showSession(session, session.id === sessionId))
  return (
    <>
      <PageHeader title="Your account" />
      <Stack gap="lg">
        <Panel title={user.name} description={user.email}>
          <Group gap="xs">
            <Text size="sm">Your roles:</Text>
            <RoleBadges roles={roles} />
          </Group>
        </Panel>
        <SessionList initial={{ items: asSent(sessions), nextCursor: rows.nextCursor }} />
        <PasswordForm email={user.email} />
      </Stack>
    </>
  )
}
