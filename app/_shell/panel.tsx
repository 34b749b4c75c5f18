import { Group, Paper, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** One titled part of a page. */
export function Panel(props: {
  title: string
  description?: ReactNode
  actions?: ReactNode
  children: ReactNode
}) {
  return (
    <Paper withBorder p="md" component="section" style={{ minWidth: 0, breakInside: 'avoid' }}>
      <Group justify="space-between" align="flex-start" mb="sm" gap="xs">
        <div style={{ minWidth: 0, flex: '1 1 12rem' }}>
          <Title order={2} size="h5">
            {props.title}
          </Title>
          {props.description !== undefined && (
            <Text size="sm" c="dimmed" component="div">
              {props.description}
            </Text>
          )}
        </div>
        {props.actions !== undefined && <div data-print="no">{props.actions}</div>}
      </Group>
      {props.children}
    </Paper>
  )
}
