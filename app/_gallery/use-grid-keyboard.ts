import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef, useState } from 'react'

export type Selection = { selected: ReadonlySet<string>; toggle: (id: string) => void }

/** One tile of the grid takes part in the tab order; arrow keys, Home and End move it, Space selects. */
export function useGridKeyboard(options: {
  grid: RefObject<HTMLElement | null>
  count: number
  columns: number
  /** Scrolls until the tile is drawn. */
  reveal: (index: number) => void
  selection: Selection | undefined
  idAt: (index: number) => string | undefined
}) {
  const [position, setPosition] = useState(0)
  const wanted = useRef<number | null>(null)
  const focused = Math.min(position, Math.max(0, options.count - 1))

  useEffect(() => {
    if (wanted.current === null) return
    const tile = options.grid.current?.querySelector<HTMLElement>(`[data-tile="${wanted.current}"]`)
    if (tile === null || tile === undefined) return // drawn after the scrolling: the next rendering has it
    wanted.current = null
    tile.focus({ preventScroll: true })
  })

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === ' ' && options.selection !== undefined) {
      const id = options.idAt(focused)
      if (id !== undefined) options.selection.toggle(id)
      event.preventDefault()
      return
    }
    const target = targetOf(event.key, focused, options)
    if (target === null || event.altKey || event.metaKey) return
    event.preventDefault()
    wanted.current = target
    options.reveal(target)
    setPosition(target)
  }

  const onFocus = useCallback((index: number) => setPosition(index), [])
  return { focused, onKeyDown, onFocus }
}

/** The tile that a key leads to; null where the key means something else. */
function targetOf(key: string, from: number, grid: { count: number; columns: number }): number | null {
  const last = grid.count - 1
  switch (key) {
    case 'ArrowRight':
      return Math.min(last, from + 1)
    case 'ArrowLeft':
      return Math.max(0, from - 1)
    case 'ArrowDown':
      return Math.min(last, from + grid.columns)
    case 'ArrowUp':
      return from >= grid.columns ? from - grid.columns : from
    case 'Home':
      return 0
    case 'End':
      return last
    default:
      return null
  }
}
