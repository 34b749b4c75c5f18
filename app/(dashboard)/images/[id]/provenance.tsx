import { Code, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { Instant } from '#app/_format/instant.tsx'
import { formatBytes } from '#app/_format/measure.ts'
import { formatCount, UNDEFINED_NUMBER } from '#app/_format/ratio.ts'
import { Facts } from '#app/_shell/facts.tsx'
import { TextLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { pageOfDataset, pageOfImage } from '#lib/delivery/search/page-address.ts'
import type { ImageDetails } from '#lib/model/evaluation-result/schema.ts'

const SHOWN_SNAPSHOTS = 3

/** Where the image comes from and in which snapshots and datasets it stands. */
export function Provenance({ image }: { image: ImageDetails }) {
  const facts: [string, ReactNode][] = [
    ['Reference class', <strong key="class">{image.findingClass}</strong>],
    [
      'Dataset',
      <TextLink key="dataset" href={pageOfDataset(image.dataset)}>
        {image.dataset}
      </TextLink>,
    ],
    ['File', image.imageKey],
    ['Patient', image.patient ?? UNDEFINED_NUMBER],
    [
      'Size',
      image.width === null || image.height === null
        ? UNDEFINED_NUMBER
        : `${formatCount(image.width)} × ${formatCount(image.height)} pixels, ${formatBytes(image.sizeBytes)}`,
    ],
    ['Added', <Instant key="added" at={image.addedAt?.toISOString()} />],
    ['Snapshots', <Snapshots key="snapshots" snapshots={image.snapshots} />],
    ['Duplicates', <Duplicates key="duplicates" duplicates={image.duplicates} />],
    [
      'SHA-256',
      image.sha256 === null ? 'Only predictions were imported' : <Code key="hash">{image.sha256}</Code>,
    ],
  ]
  return (
    <Panel title="Provenance">
      <Facts facts={facts} />
    </Panel>
  )
}

function Snapshots({ snapshots }: { snapshots: ImageDetails['snapshots'] }) {
  if (snapshots.length === 0) return <>None</>
  const more = snapshots.length - SHOWN_SNAPSHOTS
  return (
    <Stack gap={0}>
      {snapshots.slice(0, SHOWN_SNAPSHOTS).map(({ id, createdAt }) => (
        <span key={id}>
          of <Instant at={createdAt.toISOString()} />
        </span>
      ))}
      {more > 0 && <Text c="dimmed">and {formatCount(more)} older</Text>}
    </Stack>
  )
}

function Duplicates({ duplicates }: { duplicates: ImageDetails['duplicates'] }) {
  if (duplicates.length === 0) return <>No duplicates</>
  return (
    <Stack gap={0}>
      {duplicates.map(({ id, dataset, imageKey }) => (
        <TextLink key={id} href={pageOfImage(id)} style={{ overflowWrap: 'anywhere' }}>
          {dataset}: {imageKey}
        </TextLink>
      ))}
    </Stack>
  )
}
