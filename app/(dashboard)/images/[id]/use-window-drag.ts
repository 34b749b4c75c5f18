import { type MouseEvent, type PointerEvent, useRef, useState } from 'react'
import { draggedBy, type WindowLevel } from '../window-level.ts'

const RIGHT_BUTTON = 2

/** A drag over the image that changes its window: with the right button always, with the left one if `left`. */
export function useWindowDrag(options: {
  left: boolean
  window: WindowLevel
  change: (window: WindowLevel) => void
}) {
  const from = useRef<{ x: number; y: number; window: WindowLevel } | null>(null)
  const [dragging, setDragging] = useState(false)
  const end = () => {
    from.current = null
    setDragging(false)
  }
  return {
    dragging,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (event.button !== RIGHT_BUTTON && !(options.left && event.button === 0)) return
        event.currentTarget.setPointerCapture(event.pointerId)
        from.current = { x: event.clientX, y: event.clientY, window: options.window }
        setDragging(true)
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        if (from.current === null) return
        const { x, y, window } = from.current
        options.change(draggedBy(window, { x: event.clientX - x, y: event.clientY - y }))
      },
      onPointerUp: end,
      onPointerCancel: end,
      onContextMenu: (event: MouseEvent) => event.preventDefault(),
    },
  }
}
