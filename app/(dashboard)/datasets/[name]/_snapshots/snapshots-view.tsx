import { Group, Stack, Text } from '@mantine/core'
import { TextLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import type { DatasetView } from '#lib/data/dataset/schema.ts'
import type { SnapshotSummary } from '#lib/data/snapshot/schema.ts'
import { listSnapshots } from '#lib/data/snapshot/snapshot-queries.ts'
import { pageOfDataset } from '#lib/delivery/search/page-address.ts'
import type { Context } from '#lib/platform/context.ts'
import type { DatasetPageQuery } from '../dataset-views.ts'
import { SnapshotChanges, type SnapshotPair } from './snapshot-changes.tsx'
import { SnapshotTable } from './snapshot-table.tsx'

/** A dataset has a snapshot per scan that found something new: years of them fit in one list. */
const SHOWN_SNAPSHOTS = 200

/** Every snapshot, newest first, and what changed between two of them. */
export async function SnapshotsView(props: {
  context: Context
  dataset: DatasetView
  query: DatasetPageQuery
}) {
  const { context, dataset, query } = props
  const snapshots = await listSnapshots(context, {
    dataset: dataset.name,
    after: null,
    take: SHOWN_SNAPSHOTS,
  })
  const ready = snapshots.filter(({ status }) => status === 'ready')
  const pair = choosePair(ready, query)
  return (
    <Stack>
      {pair !== null && <SnapshotChanges {...{ context, dataset: dataset.name, ready, pair, query }} />}
      <Panel title="All snapshots" description="Snapshots are frozen; each evaluation names its snapshot.">
        {snapshots.length === 0 ? (
          <Text c="dimmed">The dataset has not been scanned yet.</Text>
        ) : (
          <SnapshotTable dataset={dataset.name} snapshots={snapshots} />
        )}
        {snapshots.length === SHOWN_SNAPSHOTS && (
          <Group justify="flex-end" mt="sm">
            <Text size="sm" c="dimmed">
              List older snapshots with{' '}
              <TextLink href={`/api${pageOfDataset(dataset.name)}/snapshots`} size="sm">
                the REST API
              </TextLink>
              .
            </Text>
          </Group>
        )}
      </Panel>
    </Stack>
  )
}

/** The two that the address names, else the last two; null where there are not two. */
function choosePair(ready: readonly SnapshotSummary[], query: DatasetPageQuery): SnapshotPair | null {
  const newer = ready.find(({ id }) => id === query.newer) ?? ready[0]
  if (newer === undefined) return null
  const older = ready.find(({ id }) => id === query.older) ?? ready[ready.indexOf(newer) + 1]
  return older === undefined || older.id === newer.id ? null : { newer, older }
}
