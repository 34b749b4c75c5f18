'use client'

import { Alert, Badge, Box, FileInput, Group, Loader, NativeSelect, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { useRef, useState } from 'react'
import { IntervalBar } from '#app/_charts/interval-bar.tsx'
import { api } from '#app/_data/api.ts'
import { nameModality } from '#app/_format/name-modality.ts'
import { formatCount, formatRatio, formatRatioInterval } from '#app/_format/ratio.ts'
import { Panel } from '#app/_shell/panel.tsx'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import type { RunSlices, Slice } from '#lib/model/evaluation-result/schema.ts'
import type { ImageTable } from './read-image-table.ts'

const WAYS = ['modality', 'size', 'confidence', 'patient', 'table'] as const
type Way = (typeof WAYS)[number]

const NAMES: Readonly<Record<Way, string>> = {
  modality: 'Modality',
  size: 'Image size',
  confidence: 'Confidence',
  patient: 'Patient',
  table: 'CSV column',
}

/** Whether the model is as good on one part of the images as on another. */
export function SlicesPanel({ runId, epoch }: { runId: string; epoch: string }) {
  const [way, setWay] = useQueryState('slice', parseAsStringLiteral(WAYS).withDefault('confidence'))
  return (
    <Panel
      title="Accuracy by subgroup"
      description="With 95% CIs. Subgroups of fewer than 20 images are marked: too few for a reliable estimate."
      actions={
        <NativeSelect
          size="xs"
          value={way}
          onChange={(event) => void setWay(WAYS.find((each) => each === event.currentTarget.value) ?? null)}
          data={WAYS.map((value) => ({ value, label: `By ${NAMES[value].toLowerCase()}` }))}
          aria-label="Subgroups by"
        />
      }
    >
      {way === 'table' ? (
        <SlicesByTable runId={runId} />
      ) : (
        <Slices
          source={{
            key: [runId, epoch, way],
            load: (signal) => {
              const params = { path: { id: runId }, query: { by: way } }
              return dataOf(api.GET('/api/evaluation-runs/{id}/slices', { params, signal }))
            },
          }}
          nameOf={way === 'modality' ? nameModality : (name) => name}
          heading={NAMES[way]}
          empty={
            way === 'patient'
              ? 'No subgroups: no file name contains a patient.'
              : 'No subgroups: image sizes are unknown.'
          }
        />
      )}
    </Panel>
  )
}

/** The user's own table: the browser reads it, and only the chosen column's values are sent, to be counted. */
function SlicesByTable({ runId }: { runId: string }) {
  const [file, setFile] = useState<File | null>(null)
  const [table, setTable] = useState<ImageTable | null>(null)
  const [fault, setFault] = useState<string | null>(null)
  const [column, setColumn] = useState('')
  const reading = useRef(0)

  async function take(chosen: File | null): Promise<void> {
    setFile(chosen)
    setTable(null)
    setFault(null)
    const mine = ++reading.current
    if (chosen === null) return
    const read = await readTable(chosen)
    if (mine !== reading.current) return // another file was chosen meanwhile
    if ('fault' in read) setFault(read.fault)
    else {
      setTable(read)
      setColumn(read.columns[0] ?? '')
    }
  }

  return (
    <>
      <Group align="flex-start" gap="sm" mb="sm">
        <FileInput
          label="CSV with the column imageKey"
          description="The file is not stored"
          placeholder="Choose a CSV"
          accept=".csv,text/csv"
          value={file}
          onChange={(chosen) => void take(chosen)}
          error={fault}
          clearable
          clearButtonProps={{ 'aria-label': 'Remove the table' }}
          miw={260}
        />
        {table !== null && (
          <NativeSelect
            label="Column"
            description="Its values become the subgroups"
            value={column}
            onChange={(event) => setColumn(event.currentTarget.value)}
            data={table.columns}
          />
        )}
      </Group>
      {table?.notes.map((note) => (
        <Text key={note} size="sm" c="dimmed">
          {note}
        </Text>
      ))}
      {table !== null && (
        <Slices
          source={{
            key: [runId, file?.name, file?.lastModified, column],
            load: (signal) =>
              dataOf(
                api.POST('/api/evaluation-runs/{id}/slices', {
                  params: { path: { id: runId } },
                  body: { values: table.valuesOf(column) },
                  signal,
                }),
              ),
          }}
          nameOf={(name) => name}
          heading={column}
          empty="No image of this evaluation is in the table. imageKey must be class/file, as in the dataset."
        />
      )}
    </>
  )
}

async function readTable(file: File): Promise<ImageTable | { fault: string }> {
  const { readImageTable } = await import('./read-image-table.ts')
  try {
    return readImageTable(new Uint8Array(await file.arrayBuffer()))
  } catch {
    return { fault: 'The file could not be read. Choose it again if it has changed.' }
  }
}

function Slices(props: {
  source: { key: readonly unknown[]; load: (signal: AbortSignal) => Promise<RunSlices> }
  nameOf: (name: string) => string
  heading: string
  empty: string
}) {
  const { data, error } = useQuery({
    queryKey: ['slices', ...props.source.key],
    queryFn: ({ signal }) => props.source.load(signal),
    staleTime: Number.POSITIVE_INFINITY, // the key says when there are others
  })
  if (error !== null)
    return (
      <Alert color="red" title="The subgroups could not be loaded" role="alert">
        {error.message}
      </Alert>
    )
  if (data === undefined) return <Loader size="sm" aria-label="Counting the parts" />
  if (data.slices.length === 0) return <Text c="dimmed">{props.empty}</Text>
  return (
    <>
      <Table.ScrollContainer
        minWidth={420}
        mah={420}
        tabIndex={0}
        role="region"
        aria-label={`Accuracy by ${props.heading}`}
      >
        <Table className="figures" stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{props.heading}</Table.Th>
              <Table.Th scope="col" ta="right">
                Images
              </Table.Th>
              <Table.Th scope="col">Accuracy (95% CI)</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.slices.map((slice) => (
              <SliceRow key={slice.name} slice={slice} name={props.nameOf(slice.name)} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {(data.more > 0 || data.without > 0) && (
        <Text size="sm" c="dimmed" mt="xs">
          {data.more > 0 && `${formatCount(data.more)} smaller subgroups are not listed. `}
          {data.without > 0 && `${formatCount(data.without)} images belong to no subgroup.`}
        </Text>
      )}
    </>
  )
}

function SliceRow({ slice, name }: { slice: Slice; name: string }) {
  const { accuracy, isSmall } = slice
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500} style={{ overflowWrap: 'anywhere' }}>
        <Group gap="xs">
          {name}
          {isSmall && (
            <Badge color="gray" variant="light" tt="none" size="sm">
              few images
            </Badge>
          )}
        </Group>
      </Table.Th>
      <Table.Td ta="right">{formatCount(accuracy.n)}</Table.Td>
      <Table.Td>
        <Box maw={320}>
          <Group justify="space-between" gap="xs" wrap="nowrap">
            <span>{formatRatio(accuracy.value)}</span>
            <Text size="xs" c="dimmed" component="span">
              {formatRatioInterval(accuracy)}
            </Text>
          </Group>
          <IntervalBar statistic={accuracy} height={6} />
        </Box>
      </Table.Td>
    </Table.Tr>
  )
}
