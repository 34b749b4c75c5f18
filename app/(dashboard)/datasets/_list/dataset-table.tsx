import { TableTd, TableTh, TableTr, Text } from '@mantine/core'
import { Instant } from '#app/_format/instant.tsx'
import { nameModality } from '#app/_format/name-modality.ts'
import { formatCount } from '#app/_format/ratio.ts'
import { DataTable } from '#app/_shell/data-table.tsx'
import { TextLink } from '#app/_shell/links.tsx'
import type { DatasetSummary } from '#lib/data/dataset/schema.ts'
import { pageOfDataset } from '#lib/delivery/search/page-address.ts'
import { ScanProgress } from '../scan-progress.tsx'
import { ClassBar } from './class-bar.tsx'

/** Every dataset with what is in it and how its last scan went. */
export function DatasetTable({ datasets }: { datasets: readonly DatasetSummary[] }) {
  return (
    <DataTable
      label="Datasets"
      minWidth={860}
      columns={[
        'Name',
        { title: 'Images', right: true },
        { title: 'Patients', right: true },
        { title: 'Finding classes', width: 180 },
        'Modality',
        'Last snapshot',
        { title: 'Skipped', right: true },
      ]}
    >
      {datasets.map((dataset) => (
        <DatasetRow key={dataset.id} dataset={dataset} />
      ))}
    </DataTable>
  )
}

function DatasetRow({ dataset }: { dataset: DatasetSummary }) {
  const { readySnapshot, findingClasses } = dataset
  const counted = readySnapshot !== null
  return (
    <TableTr>
      <TableTh scope="row" fw={550}>
        <TextLink href={pageOfDataset(dataset.name)}>{dataset.name}</TextLink>
      </TableTh>
      <TableTd ta="right" className="figures">
        {formatCount(counted ? dataset.images : null)}
      </TableTd>
      <TableTd ta="right" className="figures">
        {formatCount(counted && dataset.patients > 0 ? dataset.patients : null)}
      </TableTd>
      <TableTd>
        <ClassBar findingClasses={findingClasses} />
        <Text size="xs" c="dimmed" mt={2} className="figures">
          {counted && `${findingClasses.length} ${findingClasses.length === 1 ? 'class' : 'classes'}`}
        </Text>
      </TableTd>
      <TableTd>{dataset.modalities.map(({ modality }) => nameModality(modality)).join(', ') || '–'}</TableTd>
      <TableTd>
        <LastSnapshot dataset={dataset} />
      </TableTd>
      <TableTd ta="right" className="figures">
        {formatCount(dataset.lastSnapshot?.skippedCount)}
      </TableTd>
    </TableTr>
  )
}

function LastSnapshot({ dataset: { scan, lastSnapshot, name } }: { dataset: DatasetSummary }) {
  if (scan !== null) return <ScanProgress scan={scan} />
  if (lastSnapshot === null) return <>Never scanned</>
  if (lastSnapshot.status === 'failed')
    return (
      <>
        <TextLink href={pageOfDataset(name)} c="var(--mantine-color-error)">
          The scan failed
        </TextLink>{' '}
        <Instant at={lastSnapshot.finishedAt?.toISOString()} />
      </>
    )
  return <Instant at={lastSnapshot.finishedAt?.toISOString()} />
}
