'use client'

import { Button, Group, Text } from '@mantine/core'
import { IconPlayerStop, IconRefresh, IconTrash } from '@tabler/icons-react'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { type Export, ExportMenu } from '#app/_charts/export-menu.tsx'
import { api } from '#app/_data/api.ts'
import { ButtonLink } from '#app/_shell/links.tsx'
import { showNotice } from '#app/_shell/show-notice.ts'
import { useMay } from '#app/_shell/signed-in-user.tsx'
import type { RunStatus } from '#lib/model/evaluation-run/schema.ts'

const ConfirmDialog = dynamic(
  () => import('#app/_access/confirm-dialog.tsx').then((file) => file.ConfirmDialog),
  { ssr: false },
)

/** What is asked about before it is done. */
type Grave = 'cancel' | 'delete'

/** The actions that the run's status and the user's roles allow. */
export function RunActions(props: {
  run: { id: string; modelVersionId: string; dataset: string; status: RunStatus; errors: number }
  /** Without its ending. */
  fileName: string
}) {
  const { run } = props
  const router = useRouter()
  const mayWrite = useMay('evaluation-run:write')
  const [asked, setAsked] = useState<Grave | null>(null)
  const [retrying, setRetrying] = useState(false)
  const isOver = run.status !== 'queued' && run.status !== 'running'

  async function act(deed: Grave | 'retry'): Promise<void> {
    const params = { path: { id: run.id } }
    if (deed === 'delete') await api.DELETE('/api/evaluation-runs/{id}', { params })
    else await api.POST(`/api/evaluation-runs/{id}/${deed}`, { params })
    if (deed === 'delete') router.push('/evaluation-runs')
    else router.refresh()
  }

  async function retry(): Promise<void> {
    setRetrying(true)
    try {
      await act('retry')
    } catch (error) {
      const { message } = error as Error
      void showNotice({ color: 'red', title: 'The evaluation was not retried', message })
      router.refresh()
    }
    setRetrying(false)
  }

  return (
    <Group gap="xs">
      {run.status === 'succeeded' && (
        <>
          <ButtonLink
            href={`/compare?candidate=${run.modelVersionId}&dataset=${encodeURIComponent(run.dataset)}`}
            variant="default"
          >
            Compare
          </ButtonLink>
          <ExportMenu files={exportsOf(run.id, props.fileName)} />
        </>
      )}
      {mayWrite && !isOver && (
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={16} aria-hidden />}
          onClick={() => setAsked('cancel')}
        >
          Cancel
        </Button>
      )}
      {mayWrite && isOver && (run.status !== 'succeeded' || run.errors > 0) && (
        <Button
          variant={run.status === 'succeeded' ? 'default' : 'filled'}
          leftSection={<IconRefresh size={16} aria-hidden />}
          loading={retrying}
          onClick={() => void retry()}
        >
          {run.status === 'succeeded' ? 'Retry failed images' : 'Retry'}
        </Button>
      )}
      {mayWrite && isOver && (
        <Button
          variant="default"
          leftSection={<IconTrash size={16} aria-hidden />}
          onClick={() => setAsked('delete')}
        >
          Delete
        </Button>
      )}
      {asked !== null && (
        <ConfirmDialog {...QUESTIONS[asked]} act={() => act(asked)} close={() => setAsked(null)}>
          <Text size="sm">{CONSEQUENCES[asked]}</Text>
        </ConfirmDialog>
      )}
    </Group>
  )
}

const QUESTIONS: Readonly<Record<Grave, { title: string; button: string; keep: string }>> = {
  cancel: { title: 'Cancel this evaluation?', button: 'Cancel evaluation', keep: 'Keep running' },
  delete: { title: 'Delete this evaluation?', button: 'Delete evaluation', keep: 'Cancel' },
}

const CONSEQUENCES: Readonly<Record<Grave, string>> = {
  cancel: 'It stops at once. Predictions made so far are kept, and a retry continues from there.',
  delete:
    'Its results and this page are deleted permanently. Predictions are kept for other evaluations of the same version.',
}

/** The run's predictions for a spreadsheet, its numbers for a program. */
function exportsOf(runId: string, fileName: string): Export[] {
  const address = `/api/evaluation-runs/${runId}`
  return [
    {
      title: 'Predictions (CSV)',
      address: `${address}/predictions`,
      accept: 'text/csv',
      fileName: `${fileName}-predictions.csv`,
    },
    {
      title: 'Metrics (JSON)',
      address: `${address}/metrics`,
      accept: 'application/json',
      fileName: `${fileName}-metrics.json`,
    },
  ]
}
