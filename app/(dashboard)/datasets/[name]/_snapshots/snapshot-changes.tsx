import { Group, TableTd, TableTr, Text } from '@mantine/core'
import { formatCount } from '#app/_format/ratio.ts'
import { DataTable } from '#app/_shell/data-table.tsx'
import { TextLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import {
  type ChangeKind,
  changeKindSchema,
  type SnapshotChange,
  type SnapshotSummary,
} from '#lib/data/snapshot/schema.ts'
import { listSnapshotChanges } from '#lib/data/snapshot/snapshot-changes.ts'
import { pageOfDataset, pageOfImage } from '#lib/delivery/search/page-address.ts'
import type { Context } from '#lib/platform/context.ts'
import type { DatasetPageQuery } from '../dataset-views.ts'
import { PairForm } from './pair-form.tsx'

const PAGE_SIZE = 50
const CHANGE_KINDS = changeKindSchema.options

export type SnapshotPair = { newer: SnapshotSummary; older: SnapshotSummary }

const KIND_TITLES: Readonly<Record<ChangeKind, string>> = {
  added: 'Added',
  removed: 'Removed',
  reclassified: 'Relabelled',
  renamed: 'Renamed',
}

/** What the newer of two snapshots has that the older had not, told by the images' content. */
export async function SnapshotChanges(props: {
  context: Context
  dataset: string
  ready: readonly SnapshotSummary[]
  pair: SnapshotPair
  query: DatasetPageQuery
}) {
  const { context, dataset, pair, query } = props
  const ask = (kind: ChangeKind, after: string | null) =>
    listSnapshotChanges(context, {
      dataset,
      id: pair.newer.id,
      since: pair.older.id,
      kind,
      after: after === null ? null : [after],
      take: PAGE_SIZE + 1,
    })
  const first = await ask(query.kind ?? 'added', query.after)
  const kind = query.kind ?? CHANGE_KINDS.find((each) => first.counts[each] > 0) ?? 'added'
  const { counts, rows } = kind === first.kind ? first : await ask(kind, null)
  const address = `${pageOfDataset(dataset)}?view=snapshots&newer=${pair.newer.id}&older=${pair.older.id}`
  const unchanged = CHANGE_KINDS.every((each) => counts[each] === 0)
  const shown = rows.slice(0, PAGE_SIZE)
  const last = rows.length > PAGE_SIZE ? shown.at(-1) : undefined
  return (
    <Panel
      title="What changed"
      description="Compared by image content: a renamed file is neither added nor removed."
    >
      <PairForm
        dataset={dataset}
        snapshots={props.ready.map(({ id, createdAt, images }) => ({
          id,
          createdAt: createdAt.toISOString(),
          images,
        }))}
        newer={pair.newer.id}
        older={pair.older.id}
      />
      <Group gap="lg" my="md" component="ul" p={0} style={{ listStyle: 'none' }}>
        {CHANGE_KINDS.map((each) => (
          <li key={each}>
            <KindCount
              count={counts[each]}
              title={KIND_TITLES[each]}
              href={`${address}&kind=${each}`}
              current={each === kind && !unchanged}
            />
          </li>
        ))}
      </Group>
      {unchanged ? (
        <Text size="sm">Both snapshots have the same images, names and finding classes.</Text>
      ) : (
        <ChangeTable kind={kind} rows={shown} />
      )}
      <Group justify="flex-end" mt="sm">
        {query.after !== null && <TextLink href={`${address}&kind=${kind}`}>First page</TextLink>}
        {last !== undefined && (
          <TextLink
            href={`${address}&kind=${kind}&after=${encodeURIComponent(last.key ?? last.previousKey ?? '')}`}
          >
            Next page
          </TextLink>
        )}
      </Group>
    </Panel>
  )
}

function KindCount(props: { count: number; title: string; href: string; current: boolean }) {
  const text = (
    <>
      <strong className="figures">{formatCount(props.count)}</strong> {props.title.toLowerCase()}
    </>
  )
  if (props.count === 0) return <Text size="sm">{text}</Text>
  return (
    <TextLink
      href={props.href}
      size="sm"
      underline={props.current ? 'always' : 'hover'}
      aria-current={props.current ? 'true' : undefined}
    >
      {text}
    </TextLink>
  )
}

function ChangeTable({ kind, rows }: { kind: ChangeKind; rows: readonly SnapshotChange[] }) {
  if (rows.length === 0) return <Text size="sm">No image changed in this way.</Text>
  return (
    <DataTable
      label={`Images: ${KIND_TITLES[kind]}`}
      minWidth={560}
      columns={[
        'Image',
        kind === 'removed' ? 'Finding class before' : 'Finding class',
        ...(kind === 'reclassified' ? ['Before'] : []),
        ...(kind === 'renamed' ? ['Name before'] : []),
      ]}
    >
      {rows.map((row) => (
        <TableTr key={row.sha256}>
          <TableTd style={{ overflowWrap: 'anywhere' }}>
            <TextLink href={pageOfImage(row.imageId)} size="sm">
              {row.key ?? row.previousKey ?? ''}
            </TextLink>
          </TableTd>
          <TableTd>
            {(kind === 'removed' ? row.previousFindingClasses : row.findingClasses).join(', ')}
          </TableTd>
          {kind === 'reclassified' && <TableTd>{row.previousFindingClasses.join(', ')}</TableTd>}
          {kind === 'renamed' && <TableTd style={{ overflowWrap: 'anywhere' }}>{row.previousKey}</TableTd>}
        </TableTr>
      ))}
    </DataTable>
  )
}
