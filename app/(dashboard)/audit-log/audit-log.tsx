'use client'

import { Skeleton, Stack, Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api } from '#app/_data/api.ts'
import { ListingRest } from '#app/_data/listing-rest.tsx'
import { useListing } from '#app/_data/use-listing.ts'
import { EmptyState } from '#app/_shell/empty-state.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { EventRow } from './event-row.tsx'
import { FilterBar } from './filter-bar.tsx'
import { listQuery, useFilters } from './use-filters.ts'

export function AuditLog() {
  const [filters, change] = useFilters()
  const events = useListing({
    key: ['audit-events', filters],
    load: (cursor, signal) =>
      dataOf(api.GET('/api/audit-events', { params: { query: { ...listQuery(filters), cursor } }, signal })),
  })
  const people = usePeople()
  const { items } = events
  return (
    <Panel title="Events">
      <FilterBar filters={filters} change={change} />
      {items === undefined && events.error === null && <Waiting />}
      {items?.length === 0 && (
        <EmptyState title="No matching events">Remove a filter to see more.</EmptyState>
      )}
      {items !== undefined && items.length > 0 && (
        <Table.ScrollContainer minWidth={320}>
          <Table aria-label="Events" layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Th w={{ base: 108, sm: 170 }}>Time</Table.Th>
                <Table.Th>Event</Table.Th>
                <Table.Th w={56}>
                  <span className="visually-hidden">Details</span>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((event) => (
                <EventRow
                  key={event.seq}
                  event={event}
                  people={people}
                  onActor={(actor) => void change({ actor })}
                  onObject={(objectType, object) => void change({ objectType, object })}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <ListingRest {...events} more="Show older events" />
    </Panel>
  )
}

function Waiting() {
  return (
    <Stack gap="xs" aria-hidden>
      {Array.from({ length: 8 }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: equal rows that never move
        <Skeleton key={row} h={36} />
      ))}
    </Stack>
  )
}

/** As many people as one reply holds: others are named by their id. */
const NAMED_PEOPLE = 500

/** E-mail addresses by id: events keep ids, because names may change. */
function usePeople(): ReadonlyMap<string, string> {
  const { data } = useQuery({
    queryKey: ['people'],
    queryFn: () => dataOf(api.GET('/api/users', { params: { query: { limit: NAMED_PEOPLE } } })),
    staleTime: 60_000,
    select: ({ items }) => new Map(items.map(({ id, email }) => [id, email])),
  })
  return data ?? NO_PEOPLE
}

const NO_PEOPLE: ReadonlyMap<string, string> = new Map()
