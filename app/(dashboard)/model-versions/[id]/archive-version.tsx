'use client'

import { Alert, Button, Group, List, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { api } from '#app/_data/api.ts'
import { TextLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import type { BlockingRun } from '#lib/data/dataset/blocking-runs.ts'
import type { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import { pageOfEvaluationRun } from '#lib/delivery/search/page-address.ts'

/** Takes a version out of use, after asking; says which evaluations stand in the way. */
export function ArchiveVersion({ id, label }: { id: string; label: string }) {
  const [opened, dialog] = useDisclosure()
  const router = useRouter()
  const archive = useMutation<unknown, ApiFailure>({
    mutationFn: () => api.DELETE('/api/model-versions/{id}', { params: { path: { id } } }),
    onSuccess: () => {
      dialog.close()
      router.refresh()
    },
  })
  return (
    <Panel
      title="Archive"
      description="Hides the version and blocks new evaluations; results are kept. This cannot be undone, but the same files can be added again as a new version."
    >
      <Button
        variant="default"
        size="xs"
        onClick={() => {
          archive.reset()
          dialog.open()
        }}
      >
        Archive this version
      </Button>
      <Modal
        opened={opened}
        onClose={dialog.close}
        title={<span style={{ overflowWrap: 'anywhere' }}>Archive {label}?</span>}
      >
        <Stack>
          <Text size="sm">
            The version is hidden and cannot be evaluated again. Its evaluations and predictions are kept.
          </Text>
          {archive.error !== null && <Refused failure={archive.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={dialog.close}>
              Cancel{' '}
            </Button>
            <Button color="red" loading={archive.isPending} onClick={() => archive.mutate()}>
              Archive it
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Panel>
  )
}

function Refused({ failure }: { failure: ApiFailure }) {
  const runs = blockingRuns(failure.details)
  return (
    <Alert color="red" role="alert" title={failure.message}>
      {runs.length > 0 && (
        <List size="sm">
          {runs.map((run) => (
            <List.Item key={run.id}>
              <TextLink href={pageOfEvaluationRun(run.id)}>
                {run.modelVersion} on {run.dataset}
              </TextLink>
              , {run.status}
            </List.Item>
          ))}
        </List>
      )}
    </Alert>
  )
}

function blockingRuns(details: unknown): BlockingRun[] {
  if (typeof details !== 'object' || details === null || !('blockedBy' in details)) return []
  return Array.isArray(details.blockedBy) ? (details.blockedBy as BlockingRun[]) : []
}
