'use client'

import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'

export type Listing<Item> = { items: Item[]; nextCursor: string | null }

/**
 * A list of the REST API that grows page by page. `key` names it with its filters; `initial` is what the server has
 * already rendered of it.
 */
export function useListing<Item>(list: {
  key: readonly unknown[]
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<Listing<Item>>
  initial?: Listing<Item>
}) {
  const queries = useQueryClient()
  const key = ['listing', ...list.key]
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => list.load(pageParam ?? undefined, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    ...(list.initial === undefined ? {} : { initialData: { pages: [list.initial], pageParams: [null] } }),
  })
  return {
    items: query.data?.pages.flatMap(({ items }) => items),
    error: query.error,
    hasMore: query.hasNextPage,
    loadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
    /** After a change: what is shown is asked for again. */
    renew: () => queries.invalidateQueries({ queryKey: key }),
  }
}
