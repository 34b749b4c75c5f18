'use client'

import { Alert } from '@mantine/core'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useLiveEvent, usePollInterval } from './live-events.tsx'

type Health = {
  status: 'ok' | 'degraded' | 'down'
  dependencies: Record<'database' | 'objectStore' | 'evaluator', { status: string; detail?: string | null }>
}

const WHAT_STILL_WORKS: Readonly<Record<keyof Health['dependencies'], { name: string; works: string }>> = {
  evaluator: {
    name: 'The evaluator is away',
    works: 'Everything measured so far can be looked at; runs wait and go on by themselves when it is back.',
  },
  objectStore: {
    name: 'The object store is away',
    works: 'Numbers can be looked at, images cannot; runs wait and go on by themselves.',
  },
  database: { name: 'The database is away', works: 'Nothing is lost; pages come back with it.' },
}

/** Says what is away and what works nevertheless; nothing where all is well. */
export function StatusLine() {
  const queries = useQueryClient()
  const pollInterval = usePollInterval()
  const { data } = useQuery({
    queryKey: ['health'],
    queryFn: async () => (await (await fetch('/api/health')).json()) as Health,
    staleTime: 30_000,
    refetchInterval: pollInterval === false ? 60_000 : pollInterval,
  })
  useLiveEvent('dependency', () => void queries.invalidateQueries({ queryKey: ['health'] }))
  const away = Object.entries(data?.dependencies ?? {}).filter(([, { status }]) => status !== 'ok')
  if (away.length === 0) return null
  return (
    <Alert color="orange" icon={<IconPlugConnectedX aria-hidden />} mb="md" role="status" data-print="no">
      {away.map(([name]) => {
        const { name: title, works } = WHAT_STILL_WORKS[name as keyof Health['dependencies']]
        return (
          <div key={name}>
            <strong>{title}.</strong> {works}
          </div>
        )
      })}
    </Alert>
  )
}
