'use client'

import { Button, Group, Select, Stack, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import dynamic from 'next/dynamic'
import { useQueryStates } from 'nuqs'
import { useMemo, useState } from 'react'
import { formatCount } from '#app/_format/ratio.ts'
import type { GallerySource } from '#app/_gallery/gallery-item.ts'
import { EmptyState } from '#app/_shell/empty-state.tsx'
import { imageFilterParsers, imageFilterQuery, SORTS } from './image-filter.ts'
import { type FirstImages, galleryPage, type ImageQuery, loadPage } from './image-page.ts'

/** Rendered on the server too; the page's other views do without its code. */
const ImageGallery = dynamic(() =>
  import('#app/_gallery/image-gallery.tsx').then((file) => file.ImageGallery),
)

const SORT_TITLES = {
  added: 'Order added',
  key: 'File name',
  patient: 'By patient',
  pixels: 'Largest first',
} as const
const TYPING_MS = 300
/** On a phone two filters stand beside each other. */
const HALF = 'calc(50% - var(--mantine-spacing-sm) / 2)'

/** The images of the newest ready snapshot, filtered and sorted as the address says. */
export function DatasetImages(props: {
  dataset: string
  snapshotId: string | null
  findingClasses: readonly { findingClass: string; images: number }[]
  first: FirstImages | null
}) {
  const [filter, setFilter] = useQueryStates(imageFilterParsers)
  const { findingClass, patient, q, sort } = filter
  const { dataset, snapshotId, first } = props
  const query = JSON.stringify(imageFilterQuery(filter)) // one text for the same filter
  const source = useMemo<GallerySource>(
    () => ({
      key: [dataset, snapshotId, query],
      first: first?.query === query ? galleryPage(first.page) : undefined,
      loadPage: (cursor, signal) => loadPage(dataset, JSON.parse(query) as ImageQuery, { cursor, signal }),
    }),
    [dataset, snapshotId, first, query],
  )
  if (props.snapshotId === null)
    return <EmptyState title="No images yet">Images appear here after the first scan.</EmptyState>
  const filtered = findingClass !== null || patient !== null || q !== null
  return (
    <Stack>
      <Group align="flex-end" gap="sm">
        <Select
          label="Finding class"
          placeholder="All"
          clearable
          searchable
          data={props.findingClasses.map((each) => ({
            value: each.findingClass,
            label: `${each.findingClass} (${formatCount(each.images)})`,
          }))}
          value={findingClass}
          onChange={(value) => void setFilter({ findingClass: value })}
          w={{ base: HALF, sm: 260 }}
        />
        <TypedFilter
          label="File name contains"
          value={q}
          onChange={(value) => void setFilter({ q: value })}
        />
        <TypedFilter
          label="Patient"
          value={patient}
          onChange={(value) => void setFilter({ patient: value })}
        />
        <Select
          label="Sort by"
          allowDeselect={false}
          data={SORTS.map((value) => ({ value, label: SORT_TITLES[value] }))}
          value={sort}
          onChange={(value) => void setFilter({ sort: SORTS.find((each) => each === value) ?? 'added' })}
          w={{ base: HALF, sm: 190 }}
        />
        {filtered && (
          <Button
            variant="subtle"
            color="gray"
            onClick={() => void setFilter({ findingClass: null, patient: null, q: null })}
          >
            Show all
          </Button>
        )}
      </Group>
      <ImageGallery
        label={`Images of ${props.dataset}`}
        source={source}
        empty={<EmptyState title="No images match">Remove a filter to see more.</EmptyState>}
      />
    </Stack>
  )
}

/** A field that filters once the typing rests; what was typed stays when the address changes by itself. */
function TypedFilter(props: {
  label: string
  value: string | null
  onChange: (value: string | null) => void
}) {
  const [shown, setShown] = useState({ address: props.value, text: props.value ?? '' })
  if (shown.address !== props.value && (props.value ?? '') !== shown.text.trim())
    setShown({ address: props.value, text: props.value ?? '' })
  const settle = useDebouncedCallback((text: string) => {
    const value = text.trim() === '' ? null : text.trim()
    setShown({ address: value, text })
    props.onChange(value)
  }, TYPING_MS)
  return (
    <TextInput
      label={props.label}
      value={shown.text}
      maxLength={200}
      onChange={(event) => {
        const text = event.currentTarget.value
        setShown((before) => ({ ...before, text }))
        settle(text)
      }}
      w={{ base: HALF, sm: 190 }}
    />
  )
}
