'use client'

import { Badge, Button, Group, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { ConfirmDialog } from '#app/_access/confirm-dialog.tsx'
import { api } from '#app/_data/api.ts'
import { ListingRest } from '#app/_data/listing-rest.tsx'
import { type Listing, useListing } from '#app/_data/use-listing.ts'
import { Instant } from '#app/_format/instant.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import type { Sent } from '#lib/platform/api/sent.ts'
import type { SessionView } from '#lib/platform/auth/schema.ts'
import { describeDevice } from './describe-device.ts'

export type ShownSession = Sent<SessionView>

/** Where one is signed in; ended one by one, or all at once. */
export function SessionList({ initial }: { initial: Listing<ShownSession> }) {
  const sessions = useListing({
    key: ['sessions'],
    load: (cursor, signal) => dataOf(api.GET('/api/sessions', { params: { query: { cursor } }, signal })),
    initial,
  })
  const [asking, setAsking] = useState<'others' | 'everywhere' | ShownSession | null>(null)
  const items = sessions.items ?? []
  const others = items.some(({ current }) => !current)
  const actions = (
    <Group gap="xs">
      {others && (
        <Button size="xs" variant="default" onClick={() => setAsking('others')}>
          Sign out other sessions
        </Button>
      )}
      <Button size="xs" variant="default" onClick={() => setAsking('everywhere')}>
        Sign out everywhere
      </Button>
    </Group>
  )
  return (
    <Panel
      title="Sessions"
      description="Sign out sessions you don’t recognise, then change your password."
      actions={actions}
    >
      <Table.ScrollContainer minWidth={560}>
        <Table aria-label="Sessions">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Device</Table.Th>
              <Table.Th>Signed in</Table.Th>
              <Table.Th>Last seen</Table.Th>
              <Table.Th>
                <span className="visually-hidden">Actions</span>
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((session) => (
              <SessionRow key={session.id} session={session} onEnd={() => setAsking(session)} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <ListingRest {...sessions} more="Show older sessions" />
      {asking !== null && <EndDialog which={asking} close={() => setAsking(null)} renew={sessions.renew} />}
    </Panel>
  )
}

function SessionRow({ session, onEnd }: { session: ShownSession; onEnd: () => void }) {
  const device = describeDevice(session.userAgent)
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs">
          <Text fw={600} title={session.userAgent ?? ''}>
            {device}
          </Text>
          {session.current && (
            <Badge variant="default" size="sm" tt="none">
              This device
            </Badge>
          )}
        </Group>
        {session.ipAddress !== null && (
          <Text size="sm" c="dimmed" className="figures">
            {session.ipAddress}
          </Text>
        )}
      </Table.Td>
      <Table.Td className="figures">
        <Instant at={session.createdAt} />
      </Table.Td>
      <Table.Td className="figures">
        <Instant at={session.lastSeenAt} />
      </Table.Td>
      <Table.Td ta="right">
        {!session.current && (
          <Button size="xs" variant="default" onClick={onEnd} aria-label={`Sign out ${device}`}>
            Sign out
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  )
}

const QUESTIONS = {
  others: { title: 'Sign out other sessions?', says: 'You stay signed in here only.' },
  everywhere: { title: 'Sign out everywhere?', says: 'On every device, including this one.' },
} as const

function EndDialog(props: {
  which: 'others' | 'everywhere' | ShownSession
  close: () => void
  renew: () => Promise<void>
}) {
  const { which } = props
  const { title, says } =
    typeof which === 'string'
      ? QUESTIONS[which]
      : { title: 'Sign out this device?', says: `${describeDevice(which.userAgent)} has to sign in again.` }

  async function end(): Promise<void> {
    if (which === 'everywhere') {
      await api.DELETE('/api/sessions', { params: { query: { includeCurrent: 'true' } } })
      return window.location.assign('/login')
    }
    if (which === 'others') await api.DELETE('/api/sessions')
    else await api.DELETE('/api/sessions/{id}', { params: { path: { id: which.id } } })
    await props.renew()
  }
  return (
    <ConfirmDialog title={title} button="Sign out" act={end} close={props.close}>
      {says}
    </ConfirmDialog>
  )
}
