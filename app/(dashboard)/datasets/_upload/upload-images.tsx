'use client'

import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { formatBytes } from '#app/_format/measure.ts'
import { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import { AfterUpload } from './after-upload.tsx'
import { ChosenFiles, LooseClassField } from './chosen-files.tsx'
import { FileChooser } from './file-chooser.tsx'
import { classifyLoose, type GroupedFiles, groupFiles, type PickedFile } from './group-files.ts'
import { RefusedFiles } from './refused-files.tsx'
import { UploadProgress } from './upload-progress.tsx'
import { useUpload } from './use-upload.ts'

const NOTHING: GroupedFiles<File> = { ready: [], loose: [], refused: [] }

/**
 * Images from this computer into a dataset: chosen, sent in small requests, then scanned. `prepare` makes sure that the
 * dataset is there and says its name; null where it has said what is wrong beside its fields.
 */
export function UploadImages(props: {
  limitBytes: number
  knownClasses: readonly string[]
  prepare: () => Promise<string | null>
}) {
  const upload = useUpload(props.limitBytes)
  const [picked, setPicked] = useState<PickedFile<File>[]>([])
  const [findingClass, setFindingClass] = useState('')
  const [classFault, setClassFault] = useState<string | null>(null)
  const [fault, setFault] = useState<string | null>(null)
  const [preparing, setPreparing] = useState(false)
  const [dataset, setDataset] = useState<string | null>(null)
  const grouped = picked.length === 0 ? NOTHING : groupFiles(picked, props.limitBytes)
  const files = [...grouped.ready, ...classifyLoose(grouped.loose, findingClass.trim())]

  async function begin(): Promise<void> {
    const missing = grouped.loose.length > 0 && findingClass.trim() === ''
    setClassFault(missing ? 'Enter the finding class of these images.' : null)
    setFault(null)
    if (missing) return
    setPreparing(true)
    try {
      const name = await props.prepare()
      if (name === null) return
      setDataset(name)
      void upload.begin(name, files, grouped.refused)
    } catch (error) {
      setFault(messageOf(error))
    } finally {
      setPreparing(false)
    }
  }

  if (upload.state.phase !== 'choosing' && dataset !== null)
    return (
      <Stack>
        <UploadProgress
          state={upload.state}
          onCancel={upload.cancel}
          onAgain={() => void upload.again(dataset)}
        />
        {upload.state.notes.map((note) => (
          <Alert key={note} color="orange" role="status">
            <span style={{ overflowWrap: 'anywhere' }}>{note}</span>
          </Alert>
        ))}
        {upload.state.phase !== 'sending' && (
          <AfterUpload
            key={upload.state.stored}
            dataset={dataset}
            stored={upload.state.stored}
            complete={upload.state.batches.every(({ status }) => status === 'sent')}
          />
        )}
        <RefusedFiles files={upload.state.refused} />
        {upload.state.phase !== 'sending' && (
          <Group>
            <Button
              variant="default"
              onClick={() => {
                setPicked([])
                upload.clear()
              }}
            >
              Upload more
            </Button>
          </Group>
        )}
      </Stack>
    )
  return (
    <Stack>
      <FileChooser onPick={setPicked} onFault={setFault} />
      <ChosenFiles files={files} />
      {grouped.loose.length > 0 && (
        <LooseClassField
          count={grouped.loose.length}
          value={findingClass}
          known={props.knownClasses}
          error={classFault}
          onChange={setFindingClass}
        />
      )}
      <RefusedFiles files={grouped.refused} />
      {grouped.refused.some(({ code }) => code === 'TOO_LARGE') && (
        <Text size="sm">
          The limit per file is {formatBytes(props.limitBytes)}. Unpack a larger .zip file and choose its
          folder instead.
        </Text>
      )}
      {fault !== null && (
        <Alert color="red" role="alert">
          {fault}
        </Alert>
      )}
      <Group>
        <Button disabled={files.length === 0} loading={preparing} onClick={() => void begin()}>
          Upload
        </Button>
        {picked.length > 0 && (
          <Button variant="subtle" color="gray" onClick={() => setPicked([])}>
            Clear
          </Button>
        )}
      </Group>
    </Stack>
  )
}

function messageOf(error: unknown): string {
  if (error instanceof ApiFailure) return error.message
  throw error
}
