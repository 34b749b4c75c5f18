'use client'

import { Alert, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'

/**
 * Where a page could not be made: what is away, in words; it is made anew when that is back. By a whole new document:
 * what the server failed to send, rendering again in the browser does not bring.
 */
export function Failure({ digest }: { digest: string | undefined }) {
  const { data } = useQuery({
    queryKey: ['health', 'failure'],
    queryFn: async () => (await (await fetch('/api/health')).json()) as { dependencies: Dependencies },
    retry: false,
    refetchInterval: 5_000,
  })
  const away = awayOf(data?.dependencies)
  const wasAway = useRef(false)
  useEffect(() => {
    if (away !== null) wasAway.current = true
    else if (wasAway.current) window.location.reload()
  }, [away])
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden />}
      title={away === null ? 'Something went wrong' : `The ${away} cannot be reached`}
      role="alert"
      maw="70ch"
      mx="auto"
      my="xl"
    >
      <Text mb="sm">
        {away === null
          ? 'The page could not be loaded. Try again, or tell an administrator.'
          : 'No data is lost. The page reloads when it is back.'}
      </Text>
      <Group>
        <Button onClick={() => window.location.reload()}>Try again</Button>
        {digest !== undefined && (
          <Text size="sm" c="dimmed">
            Reference {digest}
          </Text>
        )}
      </Group>
    </Alert>
  )
}

type Dependencies = Record<string, { status: string }>

const NAMES: Readonly<Record<string, string>> = {
  database: 'database',
  objectStore: 'object store',
  evaluator: 'evaluator',
}

function awayOf(dependencies: Dependencies | undefined): string | null {
  const found = Object.entries(dependencies ?? {}).find(([, { status }]) => status !== 'ok')
  return found === undefined ? null : (NAMES[found[0]] ?? null)
}
