import { Group, List, ListItem, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconCircleX, IconInfoCircle } from '@tabler/icons-react'
import { TextLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import type { Attention } from '#lib/delivery/overview/schema.ts'

const SIGNS = {
  error: { Icon: IconCircleX, colour: 'var(--mantine-color-red-text)', says: 'Error' },
  warning: { Icon: IconAlertTriangle, colour: 'var(--mantine-color-orange-text)', says: 'Warning' },
  info: { Icon: IconInfoCircle, colour: 'var(--mantine-color-dimmed)', says: 'Note' },
} as const

/** Open issues, most severe first. */
export function AttentionList({ items }: { items: readonly Attention[] }) {
  return (
    <Panel title="Open issues">
      {items.length === 0 ? (
        <Group gap="xs" c="dimmed">
          <IconCircleCheck size={18} aria-hidden /> No open issues.
        </Group>
      ) : (
        <List listStyleType="none" spacing="sm">
          {items.map((item) => (
            <ListItem key={item.title}>
              <Entry item={item} />
            </ListItem>
          ))}
        </List>
      )}
    </Panel>
  )
}

function Entry({ item }: { item: Attention }) {
  const { Icon, colour, says } = SIGNS[item.severity]
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      <Icon size={18} color={colour} role="img" aria-label={says} style={{ flex: 'none', marginTop: 2 }} />
      <Stack gap={0} style={{ minWidth: 0 }}>
        {item.href === null ? (
          <Text fw={550}>{item.title}</Text>
        ) : (
          <TextLink href={item.href} fw={550}>
            {item.title}
          </TextLink>
        )}
        <Text size="sm" c="dimmed">
          {item.detail}
        </Text>
      </Stack>
    </Group>
  )
}
