import { type RefObject, useLayoutEffect, useState } from 'react'

/**
 * Where the element begins on the page, in pixels from its top, whatever is scrolled. Looked at after every rendering:
 * what stands above it may have grown.
 */
export function useScrollMargin(element: RefObject<HTMLElement | null>): number {
  const [margin, setMargin] = useState(0)
  useLayoutEffect(() => {
    const top = element.current?.getBoundingClientRect().top
    if (top !== undefined) setMargin(Math.round(top + window.scrollY))
  })
  return margin
}
