'use client'

import { Alert, Button, FileInput, Group, Progress, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconFileCode, IconFileVector } from '@tabler/icons-react'
import { useState } from 'react'
import { FileDropZone } from '#app/_data/file-drop-zone.tsx'
import { formatBytes } from '#app/_format/measure.ts'
import { formatRatio } from '#app/_format/ratio.ts'
import { CardFaults } from './card-faults.tsx'
import { CardPreview } from './card-preview.tsx'
import { faultPlaces } from './fault-places.ts'
import { RefusedModel } from './refused-model.tsx'
import { sortFiles } from './sort-files.ts'
import { TakenIn } from './taken-in.tsx'
import { useModelUpload } from './use-model-upload.ts'
import { useReadCard } from './use-read-card.ts'

/** Model and card by file input or drop, what the card says, and what became of it. */
export function UploadForm() {
  const [model, setModel] = useState<File | null>(null)
  const [card, setCard] = useState<File | null>(null)
  const [others, setOthers] = useState<string[]>([])
  const read = useReadCard(card)
  const { state, send, cancel, forget } = useModelUpload()
  const sending = state.step === 'sending'
  const refused = faultPlaces(state.step === 'refused' ? state.failure : null)
  const cardFaults = read !== null && 'faults' in read ? read.faults : refused.card
  const modelFault = model !== null && model.size === 0 ? 'The file is empty.' : refused.model
  const isReady = model !== null && model.size > 0 && read !== null && 'card' in read

  function choose(apply: () => void): void {
    apply()
    setOthers([])
    forget()
  }

  function take(files: File[]): void {
    const sorted = sortFiles(files)
    if (sorted.model !== null) setModel(sorted.model)
    if (sorted.card !== null) setCard(sorted.card)
    setOthers(sorted.others)
    forget()
  }

  if (state.step === 'taken-in') {
    const again = () =>
      choose(() => {
        setModel(null)
        setCard(null)
      })
    return <TakenIn version={state.version} again={again} />
  }
  return (
    <Stack maw={760}>
      <FileDropZone onFiles={(files) => !sending && take(files)}>
        <Text fw={600}>Drop model.onnx and model.json here</Text>
        <Text size="sm" c="dimmed">
          or choose them below
        </Text>
      </FileDropZone>
      {others.length > 0 && (
        <Alert color="orange" role="status">
          <span style={{ overflowWrap: 'anywhere' }}>Left aside: {others.join(', ')}.</span> One .onnx file
          and one .json file make a version.
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <FileInput
          label="Model"
          description="ONNX, one file with its weights"
          placeholder="Choose model.onnx"
          accept=".onnx"
          leftSection={<IconFileVector size={16} aria-hidden />}
          value={model}
          onChange={(file) => choose(() => setModel(file))}
          disabled={sending}
          clearable
          clearButtonProps={{ 'aria-label': 'Remove the model' }}
          error={modelFault}
        />
        <FileInput
          label="Card"
          description="JSON: name, finding classes, preprocessing"
          placeholder="Choose model.json"
          accept=".json,application/json"
          leftSection={<IconFileCode size={16} aria-hidden />}
          value={card}
          onChange={(file) => choose(() => setCard(file))}
          disabled={sending}
          clearable
          clearButtonProps={{ 'aria-label': 'Remove the card' }}
          error={cardFaults.length > 0 && <CardFaults faults={cardFaults} />}
        />
      </SimpleGrid>
      {read !== null && 'card' in read && <CardPreview card={read.card} />}
      {state.step === 'refused' && <RefusedModel failure={state.failure} />}
      {sending && <SendingProgress ratio={state.ratio} size={model?.size ?? 0} />}
      <Group>
        <Button
          loading={sending}
          disabled={!isReady}
          onClick={() => model !== null && card !== null && void send({ model, card })}
        >
          {state.step === 'refused' ? 'Try again' : 'Upload and validate'}
        </Button>
        {sending && (
          <Button variant="default" onClick={cancel}>
            Cancel
          </Button>
        )}
      </Group>
    </Stack>
  )
}

function SendingProgress({ ratio, size }: { ratio: number; size: number }) {
  const sent = ratio >= 1
  return (
    <Stack gap={4}>
      <Progress value={sent ? 100 : ratio * 100} animated={sent} aria-label="Upload" />
      <Text size="sm" role="status">
        {sent
          ? 'Received. The evaluator validates the model on test images …'
          : `Uploading ${formatBytes(size)} …`}
      </Text>
      {!sent && (
        <Text size="sm" c="dimmed" className="figures" aria-hidden>
          {formatRatio(ratio, 0)}
        </Text>
      )}
    </Stack>
  )
}
