'use client'

import { useQueryStates } from 'nuqs'
import type { ReactNode } from 'react'
import { GalleryLink } from '#app/_gallery/gallery-link.tsx'
import { EVERY_IMAGE, type ImageFilter, imageFilterParsers, imageFilterQuery } from './image-filter.ts'
import { useRunClasses } from './run-classes.tsx'

/** A link to the run's images that the filter takes. */
export function ImagesLink(props: {
  filter: Partial<ImageFilter>
  children: ReactNode
  label?: string
  className?: string
}) {
  const { filter: wanted, ...rest } = props
  const classes = useRunClasses()
  const [, setFilter] = useQueryStates(imageFilterParsers(classes))
  const filter = { ...EVERY_IMAGE, ...wanted }
  return (
    <GalleryLink query={imageFilterQuery(classes, filter)} show={() => void setFilter(filter)} {...rest} />
  )
}
