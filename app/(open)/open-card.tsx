import { Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

/** The one thing to do on a page of this kind, under its heading. */
export function OpenCard(props: { title: string; description?: ReactNode; children: ReactNode }) {
  return (
    <Paper withBorder shadow="sm" p="xl">
      <Stack gap="md">
        <div>
          <Title order={1} size="h3">
            {props.title}
          </Title>
          {props.description !== undefined && (
            <Text c="dimmed" mt={4} component="div">
              {props.description}
            </Text>
          )}
        </div>
        {props.children}
      </Stack>
    </Paper>
  )
}
