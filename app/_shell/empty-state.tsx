import { Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** Where there is nothing yet: what would stand here, and how to get it. */
export function EmptyState(props: {
  title: string
  children: ReactNode
  action?: ReactNode
  /** 1 where it is the whole page. */
  order?: 1 | 2
}) {
  return (
    <Paper withBorder p="xl">
      <Stack align="center" gap="sm" ta="center" maw="60ch" mx="auto">
        <Title order={props.order ?? 2} size="h4">
          {props.title}
        </Title>
        <Text c="dimmed" component="div">
          {props.children}
        </Text>
        {props.action}
      </Stack>
    </Paper>
  )
}
