import { Badge, TableTd, TableTh, TableTr, Text } from '@mantine/core'
import { Instant } from '#app/_format/instant.tsx'
import { formatCount } from '#app/_format/ratio.ts'
import { DataTable } from '#app/_shell/data-table.tsx'
import { TextLink } from '#app/_shell/links.tsx'
import type { SnapshotSummary } from '#lib/data/snapshot/schema.ts'
import { pageOfDataset } from '#lib/delivery/search/page-address.ts'
import { explainScanFailure } from '../../scan-failure.ts'

const COLOURS = { scanning: 'blue', ready: 'teal', failed: 'red' } as const

/** What became of every scan. */
export function SnapshotTable({
  dataset,
  snapshots,
}: {
  dataset: string
  snapshots: readonly SnapshotSummary[]
}) {
  const ready = snapshots.filter(({ status }) => status === 'ready')
  return (
    <DataTable
      label="Snapshots"
      minWidth={640}
      columns={[
        'When',
        'Status',
        { title: 'Images', right: true },
        { title: 'Skipped', right: true },
        'Content',
        { title: 'Compare', hidden: true },
      ]}
    >
      {snapshots.map((snapshot) => (
        <SnapshotRow
          key={snapshot.id}
          dataset={dataset}
          snapshot={snapshot}
          before={snapshot.status === 'ready' ? ready[ready.indexOf(snapshot) + 1] : undefined}
        />
      ))}
    </DataTable>
  )
}

function SnapshotRow(props: {
  dataset: string
  snapshot: SnapshotSummary
  before: SnapshotSummary | undefined
}) {
  const { dataset, snapshot, before } = props
  return (
    <TableTr>
      <TableTh scope="row" fw={500}>
        <Instant at={snapshot.createdAt.toISOString()} />
      </TableTh>
      <TableTd maw={360}>
        <Badge color={COLOURS[snapshot.status]} variant="light" tt="none" fw={550}>
          {snapshot.status}
        </Badge>
        {snapshot.status === 'failed' && <Text size="xs">{explainScanFailure(snapshot)}</Text>}
        {snapshot.allowLabelConflicts && (
          <Text size="xs" c="dimmed">
            label conflicts allowed
          </Text>
        )}
      </TableTd>
      <TableTd ta="right" className="figures">
        {formatCount(snapshot.images)}
      </TableTd>
      <TableTd ta="right" className="figures">
        {formatCount(snapshot.skippedCount)}
      </TableTd>
      <TableTd ff="monospace" fz="xs" title={snapshot.manifestSha256 ?? undefined}>
        {snapshot.manifestSha256?.slice(0, 12) ?? '–'}
      </TableTd>
      <TableTd>
        {before !== undefined && (
          <TextLink
            href={`${pageOfDataset(dataset)}?view=snapshots&newer=${snapshot.id}&older=${before.id}`}
            size="sm"
          >
            Compare with previous
          </TextLink>
        )}
      </TableTd>
    </TableTr>
  )
}
