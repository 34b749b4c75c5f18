'use client'

import { Alert, Button, Center, Loader, Text } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import { formatCount } from '#app/_format/ratio.ts'
import { FIRST_TILES, FirstTiles } from './first-tiles.tsx'
import type { GallerySource } from './gallery-item.ts'
import { GAP, GalleryRows, ROW_HEIGHT, TILE_WIDTH } from './gallery-rows.tsx'
import type { Selection } from './use-grid-keyboard.ts'

/**
 * Images in rows that exist only while they are near the screen. Arrow keys, Home and End move, Enter opens, Space
 * selects where `selection` is given.
 */
export function ImageGallery(props: {
  label: string
  source: GallerySource
  empty: ReactNode
  selection?: Selection
}) {
  const { ref: sizeRef, width } = useElementSize<HTMLDivElement>()
  const { first } = props.source
  const query = useInfiniteQuery({
    queryKey: ['gallery', ...props.source.key],
    queryFn: ({ pageParam, signal }) => props.source.loadPage(pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData, // typing in a filter does not make the page jump
    ...(first === undefined ? {} : { initialData: { pages: [first], pageParams: [null] } }),
    staleTime: Number.POSITIVE_INFINITY, // the key says when there are others
  })
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data])
  const total = query.data?.pages[0]?.total ?? items.length
  const columns = Math.max(2, Math.floor((width + GAP) / (TILE_WIDTH + GAP)))
  const mayLoad = query.hasNextPage && !query.isFetching && !query.isFetchNextPageError
  return (
    <div ref={sizeRef} aria-busy={query.isPlaceholderData}>
      {query.isPending ? (
        <Waiting />
      ) : query.data === undefined ? (
        <LoadFailure message={query.error.message} retry={() => void query.refetch()} />
      ) : items.length === 0 ? (
        props.empty
      ) : (
        <>
          <Text size="sm" c="dimmed" mb="xs" role="status">
            {formatCount(total)} {total === 1 ? 'image' : 'images'}
          </Text>
          {width === 0 && first !== undefined ? (
            <FirstTiles label={props.label} items={items} />
          ) : width === 0 ? (
            <Waiting />
          ) : (
            <GalleryRows
              label={props.label}
              items={items}
              columns={columns}
              eagerTiles={first === undefined ? 0 : FIRST_TILES}
              total={total}
              selection={props.selection}
              loadMore={mayLoad ? query.fetchNextPage : null}
            />
          )}
          {query.isError && (
            <LoadFailure message={query.error.message} retry={() => void query.fetchNextPage()} />
          )}
        </>
      )}
    </div>
  )
}

function Waiting() {
  return (
    <Center mih={ROW_HEIGHT * 2}>
      <Loader aria-label="Loading the images" />
    </Center>
  )
}

function LoadFailure({ message, retry }: { message: string; retry: () => void }) {
  return (
    <Alert color="red" title="Images could not be loaded" role="alert">
      <Text mb="sm">{message}</Text>
      <Button size="xs" onClick={retry}>
        Try again
      </Button>
    </Alert>
  )
}
