'use client'

import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { callApi } from './call-api.ts'

export type Listing<Item> = { items: Item[]; nextCursor: string | null }

/**
 * A list of the REST API that grows page by page. `address` holds its filters; `initial` is what the server has already
 * rendered of it.
 */
export function useListing<Item>(address: string, initial?: Listing<Item>) {
  const queries = useQueryClient()
  const key = ['listing', address]
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) =>
      callApi<Listing<Item>>('GET', withCursor(address, pageParam), { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    ...(initial === undefined ? {} : { initialData: { pages: [initial], pageParams: [null] } }),
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

function withCursor(address: string, cursor: string | null): string {
  if (cursor === null) return address
  return `${address}${address.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(cursor)}`
}
