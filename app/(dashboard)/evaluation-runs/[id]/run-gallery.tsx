'use client'

import { Button, Group, NativeSelect, SegmentedControl, Text } from '@mantine/core'
import { useQueryStates } from 'nuqs'
import { useMemo } from 'react'
import { api } from '#app/_data/api.ts'
import { stated } from '#app/_data/stated.ts'
import type { GalleryItem, GallerySource } from '#app/_gallery/gallery-item.ts'
import { GALLERY_ID } from '#app/_gallery/gallery-link.tsx'
import { LazyImageGallery } from '#app/_gallery/lazy-image-gallery.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { galleryItem } from './gallery-item.ts'
import {
  EVERY_IMAGE,
  type ImageFilter,
  imageAddress,
  imageFilterParsers,
  imageFilterQuery,
  type Outcome,
  type Sort,
} from './image-filter.ts'

import { useRunClasses } from './run-classes.tsx'

const PAGE_IMAGES = 120

const OUTCOME_NAMES: readonly { value: Outcome | 'all'; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'right', label: 'Correct' },
  { value: 'wrong', label: 'Incorrect' },
  { value: 'error', label: 'No prediction' },
]
const SORT_NAMES: readonly { value: Sort; label: string }[] = [
  { value: 'key', label: 'Name' },
  { value: 'confidence-desc', label: 'Most confident first' },
  { value: 'confidence-asc', label: 'Least confident first' },
]

/** The run's images one by one, filtered as the address says. */
export function RunGallery({ runId, version }: { runId: string; version: string }) {
  const classes = useRunClasses()
  const [filter, setFilter] = useQueryStates(imageFilterParsers(classes))
  const source = useMemo(
    () => predictionSource(runId, version, classes, filter),
    [runId, version, classes, filter],
  )
  const isFiltered = imageFilterQuery(classes, { ...filter, sort: 'key' }) !== ''
  const showEverything = () => void setFilter({ ...EVERY_IMAGE, sort: filter.sort })
  return (
    <div id={GALLERY_ID} tabIndex={-1} style={{ scrollMarginTop: 112, outline: 'none' }}>
      <Panel title="Images" description={describeFilter(filter)}>
        <Filters filter={filter} setFilter={(change) => void setFilter(change)} />
        {isFiltered && (
          <Button variant="subtle" size="compact-sm" mb="sm" onClick={showEverything}>
            Show all images
          </Button>
        )}
        <LazyImageGallery
          label="Images of the evaluation"
          source={source}
          empty={
            <Text c="dimmed" py="lg">
              {isFiltered ? 'No images match.' : 'No images have been evaluated yet.'}
            </Text>
          }
        />
      </Panel>
    </div>
  )
}

function Filters(props: { filter: ImageFilter; setFilter: (change: Partial<ImageFilter>) => void }) {
  const { filter, setFilter } = props
  const classes = useRunClasses()
  const everyClass = [
    { value: '', label: 'Any class' },
    ...classes.map((name) => ({ value: name, label: name })),
  ]
  return (
    <Group align="flex-end" gap="sm" mb="sm">
      <SegmentedControl
        value={filter.outcome ?? 'all'}
        onChange={(value) => setFilter({ outcome: value === 'all' ? null : (value as Outcome) })}
        data={[...OUTCOME_NAMES]}
        size="sm"
        aria-label="Show images whose prediction is"
      />
      <NativeSelect
        label="Reference class"
        value={filter.referenceClass ?? ''}
        onChange={(event) => setFilter({ referenceClass: event.currentTarget.value || null })}
        data={everyClass}
      />
      <NativeSelect
        label="Predicted class"
        value={filter.predictedClass ?? ''}
        onChange={(event) => setFilter({ predictedClass: event.currentTarget.value || null })}
        data={everyClass}
      />
      <NativeSelect
        label="Sort by"
        value={filter.sort}
        onChange={(event) => setFilter({ sort: event.currentTarget.value as Sort })}
        data={[...SORT_NAMES]}
      />
    </Group>
  )
}

function describeFilter({ outcome, referenceClass, predictedClass }: ImageFilter): string {
  const parts = [
    outcome === null
      ? ''
      : { right: 'predicted correctly', wrong: 'predicted incorrectly', error: 'without a prediction' }[
          outcome
        ],
    referenceClass === null ? '' : `of ${referenceClass}`,
    predictedClass === null ? '' : `predicted as ${predictedClass}`,
  ].filter((part) => part !== '')
  return parts.length === 0 ? 'All images of the evaluation.' : `Images ${parts.join(', ')}.`
}

function predictionSource(
  runId: string,
  version: string,
  classes: readonly string[],
  filter: ImageFilter,
): GallerySource {
  const query = imageFilterQuery(classes, filter)
  return {
    key: ['evaluation-run', runId, version, query],
    loadPage: async (cursor, signal) => {
      const params = { path: { id: runId }, query: { limit: PAGE_IMAGES, ...stated({ ...filter, cursor }) } }
      const page = await dataOf(api.GET('/api/evaluation-runs/{id}/predictions', { params, signal }))
      const items: GalleryItem[] = page.items.map((each) =>
        galleryItem(each, imageAddress(each.imageId, runId, query)),
      )
      return { items, nextCursor: page.nextCursor, total: page.total }
    },
  }
}
