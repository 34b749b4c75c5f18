'use client'

import {
  Alert,
  Autocomplete,
  Button,
  Checkbox,
  FileInput,
  Group,
  List,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { IconFileTypeCsv } from '@tabler/icons-react'
import { useRouter } from 'next/navigation'
import { useRef, useState } from 'react'
import { api } from '#app/_data/api.ts'
import { FileDropZone } from '#app/_data/file-drop-zone.tsx'
import { useIdempotentCall } from '#app/_data/use-idempotent-call.ts'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import type { ApiBody } from '#lib/delivery/client/api-paths.ts'
import { pageOfEvaluationRun } from '#lib/delivery/search/page-address.ts'
import { counted } from '#lib/vocabulary/counted.ts'
import type { ReadFile } from './read-predictions.ts'

/** File, name and dataset; what the file holds is said before anything is sent. */
export function ImportForm({ datasets }: { datasets: readonly string[] }) {
  const router = useRouter()
  const send = useIdempotentCall((body: ApiBody<'/api/prediction-sets', 'post'>, header) =>
    dataOf(api.POST('/api/prediction-sets', { body, params: { header } })),
  )
  const [file, setFile] = useState<File | null>(null)
  const [read, setRead] = useState<ReadFile | null>(null)
  const [name, setName] = useState('')
  const [dataset, setDataset] = useState('')
  const [sending, setSending] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const reading = useRef(0)
  const good = read !== null && 'predictions' in read ? read : null

  async function take(chosen: File | null, stated: readonly string[] | null = null): Promise<void> {
    setFile(chosen)
    setFailure(null)
    if (stated === null) setRead(null)
    const mine = ++reading.current
    if (chosen === null) return
    const result = await readFile(chosen, stated)
    if (mine === reading.current) setRead(result) // else another file was chosen meanwhile
  }

  async function importFile(): Promise<void> {
    if (good === null) return
    setSending(true)
    setFailure(null)
    try {
      const predictions = good.predictions.map(({ line: _line, ...prediction }) => prediction)
      const modelVersion = { name: name.trim(), findingClasses: good.findingClasses }
      const { evaluationRunId } = await send({ modelVersion, dataset: dataset.trim(), predictions })
      router.push(pageOfEvaluationRun(evaluationRunId))
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error
      setFailure(explain(error, good.predictions))
      setSending(false)
    }
  }

  return (
    <Stack
      maw={640}
      component="form"
      onSubmit={(event) => {
        event.preventDefault()
        void importFile()
      }}
    >
      <FileDropZone onFiles={([first]) => !sending && void take(first ?? null)}>
        <Text fw={600}>Drop a CSV file here</Text>
        <Text size="sm" c="dimmed">
          or choose it below
        </Text>
      </FileDropZone>
      <FileInput
        label="Predictions"
        placeholder="Choose a CSV"
        accept=".csv,text/csv"
        leftSection={<IconFileTypeCsv size={16} aria-hidden />}
        value={file}
        onChange={(chosen) => void take(chosen)}
        disabled={sending}
        clearable
        clearButtonProps={{ 'aria-label': 'Remove the file' }}
        error={read !== null && 'faults' in read && <Faults faults={read.faults} />}
      />
      {good !== null && (
        <>
          <Found read={good} />
          <AskedColumns read={good} onChoose={(stated) => !sending && void take(file, stated)} />
        </>
      )}
      <TextInput
        label="Model name"
        description="An existing name gets a new version"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={100}
        withAsterisk
      />
      <Autocomplete
        label="Dataset"
        description="An existing dataset, or a new name if its images are not stored here"
        data={[...datasets]}
        value={dataset}
        onChange={setDataset}
        maxLength={200}
        withAsterisk
      />
      {failure !== null && (
        <Alert color="red" title="Import failed" role="alert">
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {failure}
          </Text>
        </Alert>
      )}
      <Group>
        <Button
          type="submit"
          loading={sending}
          disabled={good === null || name.trim() === '' || dataset.trim() === ''}
        >
          Import
        </Button>
      </Group>
    </Stack>
  )
}

async function readFile(file: File, stated: readonly string[] | null): Promise<ReadFile> {
  const { readPredictions } = await import('./read-predictions.ts')
  try {
    return readPredictions(new Uint8Array(await file.arrayBuffer()), stated)
  } catch {
    return { faults: ['The file could not be read. Choose it again if it has changed.'] }
  }
}

function Faults({ faults }: { faults: readonly string[] }) {
  return (
    <>
      {faults.map((fault) => (
        <span key={fault} style={{ display: 'block', overflowWrap: 'anywhere' }}>
          {fault}
        </span>
      ))}
    </>
  )
}

function Found({ read }: { read: Extract<ReadFile, { predictions: unknown }> }) {
  const { predictions, findingClasses, leftOut, leftOutColumns, notes } = read
  const patients = new Set(predictions.flatMap(({ patient }) => patient ?? [])).size
  return (
    <Alert color="teal" title={`${counted(predictions.length, 'prediction')} found`} role="status">
      <List size="sm">
        <List.Item style={{ overflowWrap: 'anywhere' }}>
          {counted(findingClasses.length, 'finding class', 'finding classes')}: {findingClasses.join(', ')}
        </List.Item>
        {patients > 0 && <List.Item>{counted(patients, 'patient')}</List.Item>}
        {leftOut > 0 && (
          <List.Item>
            {counted(leftOut, 'line without a prediction is', 'lines without a prediction are')} skipped
          </List.Item>
        )}
        {leftOutColumns.length > 0 && (
          <List.Item style={{ overflowWrap: 'anywhere' }}>
            {counted(leftOutColumns.length, 'column is', 'columns are')} no finding class and left out:{' '}
            {leftOutColumns.join(', ')}
          </List.Item>
        )}
        {notes.map((note) => (
          <List.Item key={note}>{note}</List.Item>
        ))}
      </List>
    </Alert>
  )
}

/** No line names these columns as its class, and yet they may be classes: the person who imports knows. */
function AskedColumns(props: {
  read: Extract<ReadFile, { predictions: unknown }>
  onChoose: (stated: string[]) => void
}) {
  const { askedColumns, findingClasses } = props.read
  if (askedColumns.length === 0) return null
  return (
    <Checkbox.Group
      label="Which of these columns are finding classes?"
      description="No line has them as its class. The others are left out."
      value={askedColumns.filter((name) => findingClasses.includes(name))}
      onChange={props.onChoose}
    >
      <Stack gap={4} mt="xs" mah={240} style={{ overflowY: 'auto' }}>
        {askedColumns.map((name) => (
          <Checkbox key={name} value={name} label={name} />
        ))}
      </Stack>
    </Checkbox.Group>
  )
}

/** A refusal that names the place in the request says the line of the file instead. */
function explain(error: ApiFailure, predictions: readonly { line: number }[]): string {
  const faults = Object.entries(error.fieldFaults()).map(([path, message]) => {
    const index = /^predictions\.(\d+)/.exec(path)?.[1]
    const line = index === undefined ? undefined : predictions[Number(index)]?.line
    return line === undefined ? `${path} ${message}` : `Line ${line}: ${message}`
  })
  return faults.length === 0 ? error.message : `${faults.slice(0, 5).join('. ')}.`
}
