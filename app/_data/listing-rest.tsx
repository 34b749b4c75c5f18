'use client'

import { Alert, Button, Group, Text } from '@mantine/core'

/** Below a list: what could not be loaded, or the way to more of it. */
export function ListingRest(props: {
  error: Error | null
  hasMore: boolean
  loadingMore: boolean
  loadMore: () => void
  retry: () => void
  more: string
}) {
  if (props.error !== null)
    return (
      <Alert color="red" variant="light" title="The list could not be loaded" role="alert" mt="md">
        <Group justify="space-between">
          <Text size="sm">{props.error.message}</Text>
          <Button size="xs" variant="default" onClick={props.retry}>
            Try again
          </Button>
        </Group>
      </Alert>
    )
  if (!props.hasMore) return null
  return (
    <Group justify="center" mt="md">
      <Button variant="default" onClick={props.loadMore} loading={props.loadingMore}>
        {props.more}
      </Button>
    </Group>
  )
}
