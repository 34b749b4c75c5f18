import { Group, Stack, TableTd, TableTr, Text } from '@mantine/core'
import { formatCount } from '#app/_format/ratio.ts'
import { DataTable } from '#app/_shell/data-table.tsx'
import { EmptyState } from '#app/_shell/empty-state.tsx'
import { TextLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import type { DatasetView } from '#lib/data/dataset/schema.ts'
import type { SkipCount } from '#lib/data/snapshot/schema.ts'
import { explainSkip } from '#lib/data/snapshot/skip-explanation.ts'
import { listSkippedFilesOf } from '#lib/data/snapshot/skipped-files.ts'
import { pageOfDataset } from '#lib/delivery/search/page-address.ts'
import type { Context } from '#lib/platform/context.ts'
import { counted } from '#lib/vocabulary/counted.ts'
import type { DatasetPageQuery } from './dataset-views.ts'

const PAGE_SIZE = 100

/** The files that the last scan did not take, by reason, with what to do about them. */
export async function SkippedView(props: {
  context: Context
  dataset: DatasetView
  query: DatasetPageQuery
}) {
  const { context, dataset, query } = props
  const snapshot = dataset.lastSnapshot
  if (snapshot === null || snapshot.skippedCount === 0)
    return (
      <EmptyState title="No skipped files">
        {snapshot === null ? 'The dataset has not been scanned yet.' : 'The last scan skipped no files.'}
      </EmptyState>
    )
  const { rows, byCode } = await listSkippedFilesOf(context, {
    dataset: dataset.name,
    snapshotId: snapshot.id,
    code: query.code ?? undefined,
    after: query.after === null ? null : [query.after],
    take: PAGE_SIZE + 1,
  })
  const files = rows.slice(0, PAGE_SIZE)
  const last = rows.length > PAGE_SIZE ? files.at(-1) : undefined
  const address = `${pageOfDataset(dataset.name)}?view=skipped`
  const filtered = query.code === null ? address : `${address}&code=${encodeURIComponent(query.code)}`
  return (
    <Stack>
      <Panel title="Causes" description="Files that the last scan skipped, and how to fix them.">
        <Reasons counts={byCode} address={address} code={query.code} />
      </Panel>
      <Panel
        title={query.code === null ? 'All skipped files' : 'Skipped files with this cause'}
        description={query.code === null ? undefined : explainSkip(query.code).reason}
        actions={query.code !== null && <TextLink href={address}>Show all</TextLink>}
      >
        <Files files={files} />
        <Group justify="flex-end" mt="sm">
          {query.after !== null && <TextLink href={filtered}>First page</TextLink>}
          {last !== undefined && (
            <TextLink href={`${filtered}&after=${encodeURIComponent(last.file)}`}>Next page</TextLink>
          )}
        </Group>
      </Panel>
    </Stack>
  )
}

function Reasons(props: { counts: readonly SkipCount[]; address: string; code: string | null }) {
  return (
    <DataTable label="Causes" minWidth={560} columns={[{ title: 'Files', right: true }, 'Cause', 'Fix']}>
      {props.counts.map(({ code, count, reason, remedy }) => (
        <TableTr key={code} bg={code === props.code ? 'var(--mantine-color-default-hover)' : 'transparent'}>
          <TableTd ta="right" className="figures">
            <TextLink
              href={`${props.address}&code=${encodeURIComponent(code)}`}
              aria-label={`${counted(count, 'file')}: ${reason}`}
            >
              {formatCount(count)}
            </TextLink>
          </TableTd>
          <TableTd>{reason}</TableTd>
          <TableTd>{remedy}</TableTd>
        </TableTr>
      ))}
    </DataTable>
  )
}

function Files({
  files,
}: {
  files: readonly { file: string; code: string; reason: string; detail: string | null }[]
}) {
  if (files.length === 0) return <Text c="dimmed">No file was skipped for this reason.</Text>
  return (
    <DataTable label="Skipped files" minWidth={560} columns={['File', 'Cause']}>
      {files.map(({ file, reason, detail }) => (
        <TableTr key={file}>
          <TableTd ff="monospace" fz="xs" style={{ overflowWrap: 'anywhere' }}>
            {file}
          </TableTd>
          <TableTd>
            {reason}
            {detail !== null && (
              <Text size="xs" c="dimmed">
                {detail}
              </Text>
            )}
          </TableTd>
        </TableTr>
      ))}
    </DataTable>
  )
}
