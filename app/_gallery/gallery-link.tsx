'use client'

import { Anchor } from '@mantine/core'
import type { MouseEvent, ReactNode } from 'react'

/** The part of a page with its images. */
export const GALLERY_ID = 'images'

/** A link to the images below, some of which it shows; a real address, so it opens in a new tab too. */
export function GalleryLink(props: {
  /** `?outcome=wrong`; empty for every image. */
  query: string
  /** Makes the gallery show these images without leaving the page. */
  show: () => void
  children: ReactNode
  label?: string | undefined
  className?: string | undefined
}) {
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    props.show()
    const images = document.getElementById(GALLERY_ID)
    images?.scrollIntoView({ block: 'start' })
    images?.focus({ preventScroll: true })
  }
  return (
    <Anchor
      href={`${props.query || '?'}#${GALLERY_ID}`}
      onClick={follow}
      aria-label={props.label}
      className={props.className ?? ''}
      inherit
    >
      {props.children}
    </Anchor>
  )
}
