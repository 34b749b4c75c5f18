'use client'

import { ActionIcon, Anchor, Table, Text } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { Instant } from '#app/_format/instant.tsx'
import { TextLink } from '#app/_shell/links.tsx'
import { AUDIT_OBJECT_TYPES, type AuditObjectType } from '#lib/platform/audit/actions.ts'
import type { ShownEvent } from './audit-event.ts'
import { type Description, describeEvent } from './describe-event.ts'
import { EventDetails } from './event-details.tsx'
import { objectAddress } from './object-address.ts'

type Props = {
  event: ShownEvent
  people: ReadonlyMap<string, string>
  onActor: (actor: string) => void
  onObject: (type: AuditObjectType, id: string) => void
}

export function EventRow({ event, people, onActor, onObject }: Props) {
  const [opened, setOpened] = useState(false)
  const details = useId()
  const said = describeEvent(event, people)
  const Sign = opened ? IconChevronDown : IconChevronRight
  const type = AUDIT_OBJECT_TYPES.find((known) => known === event.object.type)
  return (
    <>
      <Table.Tr>
        <Table.Td className="figures">
          <Instant at={event.at} />
        </Table.Td>
        <Table.Td style={{ overflowWrap: 'anywhere' }}>
          <Anchor
            component="button"
            type="button"
            inherit
            ta="left"
            onClick={() => onActor(event.actor.id)}
            title="Filter by this actor"
          >
            {said.actor}
          </Anchor>{' '}
          {said.before} <ObjectName event={event} said={said} /> {said.after}
          {event.reason !== null && (
            <Text span c="dimmed">
              {' '}
              ({event.reason})
            </Text>
          )}
        </Table.Td>
        <Table.Td ta="right">
          <ActionIcon
            variant="subtle"
            color="gray"
            onClick={() => setOpened(!opened)}
            aria-expanded={opened}
            aria-controls={opened ? details : undefined}
            aria-label={`Details of event ${event.seq}`}
          >
            <Sign size={16} aria-hidden />
          </ActionIcon>
        </Table.Td>
      </Table.Tr>
      {opened && (
        <Table.Tr id={details}>
          <Table.Td colSpan={3} bg="var(--mantine-color-default-hover)">
            <EventDetails
              event={event}
              onObject={type === undefined ? null : () => onObject(type, event.object.id)}
            />
          </Table.Td>
        </Table.Tr>
      )}
    </>
  )
}

function ObjectName({ event, said }: { event: ShownEvent; said: Description }) {
  if (said.object === null) return null
  const address = objectAddress(event)
  if (address === null) return <strong>{said.object}</strong>
  return (
    <TextLink href={address} inherit>
      {said.object}
    </TextLink>
  )
}
