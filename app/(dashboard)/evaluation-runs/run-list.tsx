'use client'

import { Alert, Button, Center, Group, Paper, Select, Skeleton, Stack } from '@mantine/core'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { type inferParserType, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { api } from '#app/_data/api.ts'
import { stated } from '#app/_data/stated.ts'
import { EmptyState } from '#app/_shell/empty-state.tsx'
import { ButtonLink } from '#app/_shell/links.tsx'
import { useLiveEvent, usePollInterval } from '#app/_shell/live-events.tsx'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import type { RunSort, RunStatus } from '#lib/model/evaluation-run/schema.ts'
import type { RunChoices } from './list-run-choices.ts'
import { RunTable } from './run-table.tsx'

const STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const satisfies RunStatus[]
const SORTS = ['created-desc', 'created-asc', 'accuracy-desc', 'accuracy-asc'] as const satisfies RunSort[]
const SORT_NAMES: Readonly<Record<RunSort, string>> = {
  'created-desc': 'Newest first',
  'created-asc': 'Oldest first',
  'accuracy-desc': 'Highest accuracy first',
  'accuracy-asc': 'Lowest accuracy first',
}
const PAGE_SIZE = 50

const VIEW = {
  status: parseAsStringLiteral(STATUSES),
  dataset: parseAsString,
  version: parseAsString,
  sort: parseAsStringLiteral(SORTS).withDefault('created-desc'),
}

type View = inferParserType<typeof VIEW>

/** Every run, filtered and sorted as the address says; those under way move by themselves. */
export function RunList({ choices, mayLaunch }: { choices: RunChoices; mayLaunch: boolean }) {
  const [view, setView] = useQueryStates(VIEW, { history: 'push' })
  const list = useRuns(view)
  const filtered = view.status !== null || view.dataset !== null || view.version !== null
  const runs = list.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <Stack>
      <Group align="flex-end" gap="sm">
        <Select
          label="Model version"
          placeholder="All"
          data={choices.versions.map(({ id, label }) => ({ value: id, label }))}
          value={view.version}
          onChange={(version) => setView({ version })}
          clearable
          searchable
        />
        <Select
          label="Dataset"
          placeholder="All"
          data={choices.datasets.map(({ name }) => name)}
          value={view.dataset}
          onChange={(dataset) => setView({ dataset })}
          clearable
          searchable
        />
        <Select
          label="Status"
          placeholder="All"
          data={STATUSES}
          value={view.status}
          onChange={(status) => setView({ status: STATUSES.find((each) => each === status) ?? null })}
          clearable
        />
        <Select
          label="Sort by"
          data={SORTS.map((value) => ({ value, label: SORT_NAMES[value] }))}
          value={view.sort}
          onChange={(sort) => setView({ sort: SORTS.find((each) => each === sort) ?? 'created-desc' })}
          allowDeselect={false}
        />
      </Group>
      {list.isPending && <Skeleton h={320} />}
      {list.isError && (
        <Alert color="red" title="The evaluations could not be loaded" role="alert">
          <p>{list.error.message}</p>
          <Button size="xs" onClick={() => void list.refetch()}>
            Try again
          </Button>
        </Alert>
      )}
      {list.isSuccess && runs.length === 0 && <NoRuns filtered={filtered} mayLaunch={mayLaunch} />}
      {runs.length > 0 && (
        <Paper withBorder>
          <RunTable runs={runs} />
        </Paper>
      )}
      {list.hasNextPage && (
        <Center>
          <Button
            variant="default"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Show more
          </Button>
        </Center>
      )}
    </Stack>
  )
}

function useRuns(view: View) {
  const queries = useQueryClient()
  const key = ['evaluation-runs', view]
  useLiveEvent('run', () => void queries.invalidateQueries({ queryKey: ['evaluation-runs'] }))
  return useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      dataOf(
        api.GET('/api/evaluation-runs', {
          params: { query: { ...queryOf(view), ...stated({ cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    refetchInterval: usePollInterval(),
  })
}

function queryOf({ version, ...rest }: View) {
  return { limit: PAGE_SIZE, ...stated({ ...rest, modelVersionId: version }) }
}

function NoRuns({ filtered, mayLaunch }: { filtered: boolean; mayLaunch: boolean }) {
  if (filtered) return <EmptyState title="No matching evaluations">Remove a filter to see more.</EmptyState>
  return (
    <EmptyState
      title="No evaluations yet"
      action={mayLaunch && <ButtonLink href="/evaluation-runs/new">Launch an evaluation</ButtonLink>}
    >
      An evaluation measures a model version on a dataset, per finding class.
    </EmptyState>
  )
}
