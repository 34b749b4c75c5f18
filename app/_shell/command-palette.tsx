'use client'

import { Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight } from '@mantine/spotlight'
import { IconChartBar, IconDatabase, IconPhoto, IconSearch, IconStack2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { api } from '#app/_data/api.ts'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { PageIcon } from './icons.tsx'
import type { NavigationSection } from './navigation.ts'

const KINDS = {
  'model-version': { title: 'Model versions', Icon: IconStack2 },
  'evaluation-run': { title: 'Evaluations', Icon: IconChartBar },
  dataset: { title: 'Datasets', Icon: IconDatabase },
  image: { title: 'Images', Icon: IconPhoto },
} as const

const TYPING_PAUSE_MS = 150
const SEARCH_FAILED = 'The search does not answer. Try again in a moment.'

/** Ctrl+K: every page, and versions, evaluations, datasets and images by a part of their name. */
export function CommandPalette({ navigation }: { navigation: readonly NavigationSection[] }) {
  const router = useRouter()
  const [query, setQuery] = useState('')
  const [asked] = useDebouncedValue(query.trim(), TYPING_PAUSE_MS)
  const { data, isError, isFetching } = useQuery({
    queryKey: ['search', asked],
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/search', { params: { query: { q: asked, limit: 20 } }, signal })),
    enabled: asked !== '',
    placeholderData: (previous) => previous,
  })
  const pages = navigation
    .flatMap(({ items }) => items)
    .filter(({ title, what }) => matches(query, title, what))
  const hits = asked === '' ? [] : (data?.items ?? [])
  const isSearching = isFetching || asked !== query.trim()
  return (
    // Ctrl+K is heard by the header, which is there before this is.
    <Spotlight.Root query={query} onQueryChange={setQuery} shortcut={null} scrollable maxHeight="60vh">
      <Spotlight.Search
        placeholder="Pages, versions, evaluations, datasets, images"
        aria-label="Search"
        leftSection={<IconSearch size={18} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {pages.length > 0 && (
          <Spotlight.ActionsGroup label="Pages">
            {pages.map((page) => (
              <Spotlight.Action
                key={page.address}
                label={page.title}
                description={page.what}
                leftSection={<PageIcon name={page.icon} />}
                onClick={() => router.push(page.address)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {Object.entries(KINDS).map(([kind, { title, Icon }]) => {
          const found = hits.filter((hit) => hit.kind === kind)
          if (found.length === 0) return null
          return (
            <Spotlight.ActionsGroup key={kind} label={title}>
              {found.map((hit) => (
                <Spotlight.Action
                  key={hit.href}
                  label={hit.title}
                  description={hit.detail}
                  leftSection={<Icon size={18} stroke={1.6} aria-hidden />}
                  onClick={() => router.push(hit.href)}
                />
              ))}
            </Spotlight.ActionsGroup>
          )
        })}
        {pages.length === 0 && hits.length === 0 && (
          <Spotlight.Empty>
            {isSearching ? 'Searching…' : isError ? SEARCH_FAILED : 'No results'}
          </Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
      <Spotlight.Footer>
        <Text size="xs" c="dimmed">
          ↑ ↓ select, Enter opens, Esc closes
        </Text>
      </Spotlight.Footer>
    </Spotlight.Root>
  )
}

function matches(query: string, ...texts: readonly string[]): boolean {
  const wanted = query.trim().toLowerCase()
  return texts.some((text) => text.toLowerCase().includes(wanted))
}
