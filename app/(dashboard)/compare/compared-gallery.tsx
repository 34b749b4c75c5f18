'use client'

import { Button, Group, NativeSelect, SegmentedControl, Text } from '@mantine/core'
import { useQueryStates } from 'nuqs'
import { useMemo } from 'react'
import { api } from '#app/_data/api.ts'
import { stated } from '#app/_data/stated.ts'
import { nameModality } from '#app/_format/name-modality.ts'
import { formatCount } from '#app/_format/ratio.ts'
import type { GallerySource } from '#app/_gallery/gallery-item.ts'
import { GALLERY_ID } from '#app/_gallery/gallery-link.tsx'
import { LazyImageGallery } from '#app/_gallery/lazy-image-gallery.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import type { PairedCounts } from '#lib/model/comparison/schema.ts'
import {
  type ComparedFilter,
  type ComparedPair,
  comparedFilterParsers,
  comparedImagePage,
  comparedImagesQuery,
  NO_FILTER,
  OUTCOMES,
} from './compared-filter.ts'
import { comparedItem } from './compared-item.ts'

const PAGE_IMAGES = 120

type Props = {
  pair: ComparedPair
  labels: { baseline: string; candidate: string }
  /** Changes when the compared runs do. */
  runs: string
  /** Those that have images. */
  classes: readonly string[]
  modalities: readonly string[]
  paired: PairedCounts
}

/** The compared images one by one, as the address says. */
export function ComparedGallery(props: Props) {
  const { pair, runs, labels } = props
  const [filter, setFilter] = useQueryStates(comparedFilterParsers)
  const source = useMemo(() => comparedSource(pair, runs, filter), [pair, runs, filter])
  const isFiltered = Object.entries(filter).some(([name, value]) => name !== 'sort' && value !== null)
  return (
    <div id={GALLERY_ID} tabIndex={-1} style={{ scrollMarginTop: 112, outline: 'none' }} data-print="no">
      <Panel
        title="Images"
        description={`Predictions of ${labels.candidate} and ${labels.baseline}. Fixed: now correct. Broken: now incorrect.`}
      >
        <Filters {...props} filter={filter} setFilter={(change) => void setFilter(change)} />
        {isFiltered && (
          <Group gap="sm" mb="sm">
            <Button
              variant="subtle"
              size="compact-sm"
              onClick={() => void setFilter({ ...NO_FILTER, sort: filter.sort })}
            >
              Show all images
            </Button>
            {filter.patient !== null && <Text size="sm">Only patient {filter.patient}.</Text>}
          </Group>
        )}
        <LazyImageGallery
          label="Compared images"
          source={source}
          empty={
            <Text c="dimmed" py="lg">
              No images match.
            </Text>
          }
        />
      </Panel>
    </div>
  )
}

function Filters(
  props: Props & { filter: ComparedFilter; setFilter: (change: Partial<ComparedFilter>) => void },
) {
  const { filter, setFilter, paired, modalities } = props
  const outcomes = [
    { value: 'all', label: 'All' },
    { value: 'broken', label: `Broken ${formatCount(paired.baselineOnly)}` },
    { value: 'fixed', label: `Fixed ${formatCount(paired.candidateOnly)}` },
    { value: 'both-wrong', label: `Both incorrect ${formatCount(paired.bothWrong)}` },
    { value: 'both-right', label: `Both correct ${formatCount(paired.bothRight)}` },
  ]
  return (
    <Group align="flex-end" gap="sm" mb="sm">
      <SegmentedControl
        value={filter.outcome ?? 'all'}
        onChange={(value) => setFilter({ outcome: OUTCOMES.find((each) => each === value) ?? null })}
        data={outcomes}
        size="sm"
        maw="100%"
        style={{ overflowX: 'auto' }}
        aria-label="Show images that are"
      />
      <NativeSelect
        label="Reference class"
        value={filter.findingClass ?? ''}
        onChange={(event) => setFilter({ findingClass: event.currentTarget.value || null })}
        data={[
          { value: '', label: 'Any class' },
          ...props.classes.map((name) => ({ value: name, label: name })),
        ]}
      />
      {modalities.length > 1 && (
        <NativeSelect
          label="Modality"
          value={filter.modality ?? ''}
          onChange={(event) => setFilter({ modality: event.currentTarget.value || null })}
          data={[
            { value: '', label: 'Any modality' },
            ...modalities.map((name) => ({ value: name, label: nameModality(name) })),
          ]}
        />
      )}
      <NativeSelect
        label="Sort by"
        value={filter.sort}
        onChange={(event) => setFilter({ sort: event.currentTarget.value === 'image' ? 'image' : 'change' })}
        data={[
          { value: 'change', label: 'Largest change first' },
          { value: 'image', label: 'As in the dataset' },
        ]}
      />
    </Group>
  )
}

function comparedSource(pair: ComparedPair, runs: string, filter: ComparedFilter): GallerySource {
  const query = comparedImagesQuery(pair, filter)
  return {
    key: ['model-comparison', runs, query],
    loadPage: async (cursor, signal) => {
      const params = { query: { ...query, limit: PAGE_IMAGES, ...stated({ cursor }) } }
      const page = await dataOf(api.GET('/api/model-comparisons/images', { params, signal }))
      const items = page.items.map((image) =>
        comparedItem(image, comparedImagePage(image.imageId, pair, filter)),
      )
      return { items, nextCursor: page.nextCursor, total: page.total }
    },
  }
}
