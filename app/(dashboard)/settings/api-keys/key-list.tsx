'use client'

import { Button, Table } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { ConfirmDialog } from '#app/_access/confirm-dialog.tsx'
import { api } from '#app/_data/api.ts'
import { ListingRest } from '#app/_data/listing-rest.tsx'
import { type Listing, useListing } from '#app/_data/use-listing.ts'
import { EmptyState } from '#app/_shell/empty-state.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { CreateKeyDialog } from './create-key-dialog.tsx'
import { KeyRow, type ShownKey } from './key-row.tsx'

export function KeyList(props: { initial: Listing<ShownKey>; showOwners: boolean; baseUrl: string }) {
  const { showOwners } = props
  const keys = useListing({
    key: ['api-keys'],
    load: (cursor, signal) => dataOf(api.GET('/api/api-keys', { params: { query: { cursor } }, signal })),
    initial: props.initial,
  })
  const [open, setOpen] = useState<'create' | ShownKey | null>(null)
  const close = () => setOpen(null)
  const create = (
    <Button onClick={() => setOpen('create')} leftSection={<IconPlus size={16} aria-hidden />}>
      Create key
    </Button>
  )

  async function revoke(key: ShownKey): Promise<void> {
    await api.DELETE('/api/api-keys/{id}', { params: { path: { id: key.id } } })
    await keys.renew()
  }
  return (
    <>
      {keys.items?.length === 0 ? (
        <EmptyState title="No API keys yet" action={create}>
          An API key lets a script act for you without your password, for example to evaluate each trained
          model.
        </EmptyState>
      ) : (
        <Panel title="Keys" actions={create}>
          <Table.ScrollContainer minWidth={showOwners ? 860 : 720}>
            <Table aria-label="API keys">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Name</Table.Th>
                  {showOwners && <Table.Th>Owner</Table.Th>}
                  <Table.Th>Roles</Table.Th>
                  <Table.Th>Created</Table.Th>
                  <Table.Th>State</Table.Th>
                  <Table.Th>
                    <span className="visually-hidden">Actions</span>
                  </Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {(keys.items ?? []).map((key) => (
                  <KeyRow key={key.id} apiKey={key} showOwner={showOwners} onRevoke={() => setOpen(key)} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          <ListingRest {...keys} more="Show older keys" />
        </Panel>
      )}
      {open === 'create' && <CreateKeyDialog close={close} renew={keys.renew} baseUrl={props.baseUrl} />}
      {open !== null && open !== 'create' && (
        <ConfirmDialog title={`Revoke ${open.name}?`} button="Revoke" act={() => revoke(open)} close={close}>
          Requests with the key {open.hint}… are rejected from now on. This cannot be undone.
        </ConfirmDialog>
      )}
    </>
  )
}
