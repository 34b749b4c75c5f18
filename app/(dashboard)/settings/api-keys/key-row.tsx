'use client'

import { Badge, Button, Code, Table, Text } from '@mantine/core'
import { RoleBadges } from '#app/_access/role-badges.tsx'
import { Instant } from '#app/_format/instant.tsx'
import type { Sent } from '#lib/platform/api/sent.ts'
import type { OwnedApiKeyView } from '#lib/platform/auth/schema.ts'

export type ShownKey = Sent<OwnedApiKeyView>

export function KeyRow(props: { apiKey: ShownKey; showOwner: boolean; onRevoke: () => void }) {
  const { apiKey } = props
  const state = stateOf(apiKey, new Date())
  return (
    <Table.Tr>
      <Table.Td>
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {apiKey.name}
        </Text>
        <Code>{apiKey.hint}…</Code>
      </Table.Td>
      {props.showOwner && (
        <Table.Td style={{ overflowWrap: 'anywhere' }}>
          {apiKey.ownerEmail ?? 'Operator of this machine'}
        </Table.Td>
      )}
      <Table.Td>
        <RoleBadges roles={apiKey.roles} />
      </Table.Td>
      <Table.Td className="figures">
        <Instant at={apiKey.createdAt} />
      </Table.Td>
      <Table.Td>
        <KeyState apiKey={apiKey} state={state} />
      </Table.Td>
      <Table.Td ta="right">
        {state === 'active' && (
          <Button size="xs" variant="default" onClick={props.onRevoke} aria-label={`Revoke ${apiKey.name}`}>
            Revoke
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  )
}

type State = 'active' | 'expired' | 'revoked'

function stateOf({ revokedAt, expiresAt }: ShownKey, now: Date): State {
  if (revokedAt !== null) return 'revoked'
  return expiresAt !== null && new Date(expiresAt) <= now ? 'expired' : 'active'
}

const STATES = {
  active: { name: 'Active', color: 'reader' },
  expired: { name: 'Expired', color: 'gray' },
  revoked: { name: 'Revoked', color: 'gray' },
} as const

function KeyState({ apiKey, state }: { apiKey: ShownKey; state: State }) {
  const { name, color } = STATES[state]
  return (
    <>
      <Badge variant="outline" color={color} tt="none">
        {name}
      </Badge>
      <Text size="sm" c="dimmed" className="figures">
        {state === 'revoked' ? <Instant at={apiKey.revokedAt} /> : null}
        {state !== 'revoked' && apiKey.expiresAt === null ? 'Never expires' : null}
        {state !== 'revoked' && apiKey.expiresAt !== null ? (
          <>
            {state === 'active' ? 'until ' : ''}
            <Instant at={apiKey.expiresAt} />
          </>
        ) : null}
      </Text>
    </>
  )
}
