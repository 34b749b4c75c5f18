'use client'

import { Alert, Button, Group, List, Modal, Stack, Text } from '@mantine/core'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { api } from '#app/_data/api.ts'
import { formatCount } from '#app/_format/ratio.ts'
import { TextLink } from '#app/_shell/links.tsx'
import type { BlockingRun } from '#lib/data/dataset/blocking-runs.ts'
import { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import { pageOfEvaluationRun } from '#lib/delivery/search/page-address.ts'

/** Asks before the dataset is taken out of use; where evaluations need it, they are named. */
export function ArchiveDialog(props: { dataset: string; opened: boolean; close: () => void }) {
  const { dataset, opened, close } = props
  const router = useRouter()
  const [archiving, setArchiving] = useState(false)
  const [failure, setFailure] = useState<ApiFailure | null>(null)

  async function archive(): Promise<void> {
    setArchiving(true)
    setFailure(null)
    try {
      await api.DELETE('/api/datasets/{name}', { params: { path: { name: dataset } } })
      router.push('/datasets')
      router.refresh()
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error
      setFailure(error)
      setArchiving(false)
    }
  }

  return (
    <Modal opened={opened} onClose={close} title={`Archive ${dataset}?`}>
      <Stack>
        <Text size="sm">
          The dataset is hidden, and its name becomes free unless its images were uploaded. Images and files
          are kept.
        </Text>
        {failure !== null && <Refusal failure={failure} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel{' '}
          </Button>
          <Button color="red" loading={archiving} onClick={() => void archive()}>
            Archive
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

type Blocked = { evaluationRuns: number; blockedBy: BlockingRun[] }

function Refusal({ failure }: { failure: ApiFailure }) {
  if (failure.code !== 'DATASET_IN_USE')
    return (
      <Alert color="red" role="alert">
        {failure.message}
      </Alert>
    )
  const { evaluationRuns, blockedBy } = failure.details as Blocked
  const more = evaluationRuns - blockedBy.length
  return (
    <Alert color="red" role="alert" title="Evaluations use this dataset">
      <Text size="sm" mb="xs">
        Their results could not be recomputed without it. Delete them first if they are not needed.
      </Text>
      <List size="sm">
        {blockedBy.map(({ id, modelVersion, status }) => (
          <List.Item key={id}>
            <TextLink href={pageOfEvaluationRun(id)} size="sm">
              {modelVersion}
            </TextLink>{' '}
            ({status})
          </List.Item>
        ))}
        {more > 0 && <List.Item>and {formatCount(more)} more</List.Item>}
      </List>
    </Alert>
  )
}
