'use client'

import { Alert, Button, Group, List, Progress, Stack, Text } from '@mantine/core'
import { formatBytes } from '#app/_format/measure.ts'
import { formatCount } from '#app/_format/ratio.ts'
import { counted } from '#lib/vocabulary/counted.ts'
import { type UploadState, uploadProgress } from './upload-state.ts'

/** How far an upload is, byte by byte; what failed, with a way to go on. */
export function UploadProgress(props: {
  state: UploadState<File>
  onCancel: () => void
  onAgain: () => void
}) {
  const { state } = props
  const { files, totalFiles, bytes, totalBytes } = uploadProgress(state)
  const percent = totalBytes === 0 ? 0 : (100 * bytes) / totalBytes
  const sending = state.phase === 'sending'
  return (
    <Stack gap="sm">
      <Group justify="space-between" wrap="wrap" gap="xs">
        <Text fw={600}>{titleOf(state)}</Text>
        <Text size="sm" className="figures">
          {formatCount(files)} of {counted(totalFiles, 'file')}, {formatBytes(Math.round(bytes))} of{' '}
          {formatBytes(totalBytes)}
        </Text>
      </Group>
      <Progress
        value={percent}
        size="lg"
        animated={sending}
        color={state.batches.some(({ status }) => status === 'failed') ? 'orange' : 'reader'}
        aria-label="Bytes uploaded"
      />
      <div className="visually-hidden" role="status">
        {titleOf(state)}, {Math.floor(percent / 10) * 10} percent
      </div>
      {sending && (
        <Group>
          <Button variant="default" onClick={props.onCancel}>
            Cancel upload
          </Button>
        </Group>
      )}
      <FailedBatches state={state} onAgain={props.onAgain} />
    </Stack>
  )
}

function titleOf(state: UploadState<File>): string {
  if (state.phase === 'sending') return 'Uploading'
  if (state.phase === 'stopped') return 'Upload stopped'
  return state.batches.some(({ status }) => status === 'failed') ? 'Uploaded with errors' : 'Uploaded'
}

function FailedBatches({ state, onAgain }: { state: UploadState<File>; onAgain: () => void }) {
  const failed = state.batches.filter(({ status }) => status === 'failed')
  const waiting = state.batches.filter(({ status }) => status === 'waiting')
  const left = [...failed, ...waiting].reduce((sum, { batch }) => sum + batch.files.length, 0)
  if (state.phase === 'sending' ? failed.length === 0 : left === 0) return null
  const faults = [...Map.groupBy(failed, ({ fault }) => fault ?? '')]
  return (
    <Alert
      color={failed.length > 0 ? 'orange' : 'gray'}
      title={failed.length > 0 ? 'Some files failed' : `${counted(left, 'file')} not sent`}
    >
      <List size="sm" mb="xs">
        {faults.map(([fault, batches]) => (
          <List.Item key={fault}>
            {counted(
              batches.reduce((sum, { batch }) => sum + batch.files.length, 0),
              'file',
            )}
            : {fault}
          </List.Item>
        ))}
      </List>
      {state.phase === 'sending' ? (
        <Text size="sm">The upload continues; retry these files afterwards.</Text>
      ) : (
        <Group>
          <Button onClick={onAgain}>Retry {counted(left, 'file')}</Button>
          <Text size="sm">Uploaded files are kept.</Text>
        </Group>
      )}
    </Alert>
  )
}
