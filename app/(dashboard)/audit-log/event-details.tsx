'use client'

import { Button, Code, Stack, Table, Text } from '@mantine/core'
import { fieldsOf, type ShownEvent } from './audit-event.ts'

/** What an event keeps: each field before and after, and by what the event can be found and checked. */
export function EventDetails({ event, onObject }: { event: ShownEvent; onObject: (() => void) | null }) {
  const before = fieldsOf(event.before)
  const after = fieldsOf(event.after)
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  return (
    <Stack gap="sm" py="xs">
      {fields.length === 0 ? (
        <Text size="sm">No further details.</Text>
      ) : (
        <Table aria-label="Before and after" highlightOnHover={false} fz="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Field</Table.Th>
              <Table.Th>Before</Table.Th>
              <Table.Th>After</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {fields.map((field) => (
              <Table.Tr key={field}>
                <Table.Th scope="row" fw={500}>
                  {field}
                </Table.Th>
                <Table.Td>{shown(before[field])}</Table.Td>
                <Table.Td>{shown(after[field])}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <Text size="sm" style={{ overflowWrap: 'anywhere' }} className="figures">
        Event {event.seq}, {event.action}, on {event.object.type} <Code>{event.object.id}</Code>, at{' '}
        {event.at}, request <Code>{event.requestId}</Code>, hash <Code>{event.hash}</Code>
      </Text>
      {onObject !== null && (
        <Button size="xs" variant="default" onClick={onObject} style={{ alignSelf: 'flex-start' }}>
          Show history
        </Button>
      )}
    </Stack>
  )
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return '–'
  if (typeof value === 'string') return value
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
    ? value.join(', ')
    : JSON.stringify(value)
}
