'use client'

import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import classes from './gallery.module.css'
import type { GalleryItem } from './gallery-item.ts'
import { GalleryTile } from './gallery-tile.tsx'
import { type Selection, useGridKeyboard } from './use-grid-keyboard.ts'
import { useScrollMargin } from './use-scroll-margin.ts'

export const TILE_WIDTH = 148
export const ROW_HEIGHT = 196
export const GAP = 12
/** Rows drawn beyond what is seen, so that quick scrolling meets pictures. */
const OVERSCAN_ROWS = 6
/** The next page is asked for this many rows before the end: a flick of the wheel is 30, a page a tenth of a second. */
const LOAD_AHEAD_ROWS = 100

/** The rows near the screen, and the one with the focus wherever it is: scrolling away does not lose it. */
export function GalleryRows(props: {
  label: string
  items: readonly GalleryItem[]
  columns: number
  /** They were there before the rows: drawn anew, a picture that is under way must not be given up. */
  eagerTiles: number
  total: number
  selection: Selection | undefined
  loadMore: (() => unknown) | null
}) {
  const { items, columns, loadMore } = props
  const grid = useRef<HTMLDivElement>(null)
  const scrollMargin = useScrollMargin(grid)
  const rowCount = Math.ceil(items.length / columns)
  const { focused, onKeyDown, onFocus } = useGridKeyboard({
    grid,
    count: items.length,
    columns,
    reveal: (index) => rows.scrollToIndex(Math.floor(index / columns), { align: 'auto' }),
    selection: props.selection,
    idAt: (index) => items[index]?.id,
  })
  const focusedRow = Math.floor(focused / columns)
  const rows = useWindowVirtualizer({
    count: rowCount,
    estimateSize: () => ROW_HEIGHT + GAP,
    overscan: OVERSCAN_ROWS,
    scrollMargin,
    rangeExtractor: (range) =>
      [...new Set([focusedRow, ...defaultRangeExtractor(range)])].toSorted((a, b) => a - b),
  })
  const lastSeen = rows.range?.endIndex ?? 0
  useEffect(() => {
    if (loadMore !== null && lastSeen >= rowCount - LOAD_AHEAD_ROWS) loadMore()
  }, [loadMore, lastSeen, rowCount])
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot hold rows that are drawn only while they are seen
    <div
      ref={grid}
      role="grid"
      aria-label={props.label}
      aria-rowcount={Math.ceil(props.total / columns)}
      aria-colcount={columns}
      aria-multiselectable={props.selection !== undefined}
      className={classes.grid}
      style={{ height: rows.getTotalSize() }}
      onKeyDown={onKeyDown}
    >
      {rows.getVirtualItems().map((row) => (
        // biome-ignore lint/a11y/useSemanticElements: see above
        // biome-ignore lint/a11y/useFocusableInteractive: its cells take the focus
        <div
          key={row.key}
          role="row"
          aria-rowindex={row.index + 1}
          className={classes.row}
          style={{
            height: ROW_HEIGHT,
            gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            transform: `translateY(${row.start - scrollMargin}px)`,
          }}
        >
          {items.slice(row.index * columns, (row.index + 1) * columns).map((item, column) => {
            const index = row.index * columns + column
            return (
              <GalleryTile
                key={item.id}
                item={item}
                index={index}
                eager={index < props.eagerTiles}
                tabbable={index === focused}
                selected={props.selection?.selected.has(item.id)}
                onFocus={onFocus}
              />
            )
          })}
        </div>
      ))}
    </div>
  )
}
