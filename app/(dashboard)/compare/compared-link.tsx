'use client'

import { useQueryStates } from 'nuqs'
import type { ReactNode } from 'react'
import { GalleryLink } from '#app/_gallery/gallery-link.tsx'
import {
  type ComparedFilter,
  type ComparedPair,
  comparedFilterParsers,
  comparedQuery,
  NO_FILTER,
} from './compared-filter.ts'

/** A link to the compared images that the filter takes. */
export function ComparedLink(props: {
  pair: ComparedPair
  filter: Partial<ComparedFilter>
  children: ReactNode
  label?: string
}) {
  const { pair, filter: wanted, ...rest } = props
  const [, setFilter] = useQueryStates(comparedFilterParsers)
  const filter = { ...NO_FILTER, ...wanted }
  return <GalleryLink query={comparedQuery(pair, filter)} show={() => void setFilter(filter)} {...rest} />
}
