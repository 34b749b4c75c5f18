'use client'

import { Alert, Button, Checkbox, Group, Paper, Select, Stack, Text } from '@mantine/core'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { api } from '#app/_data/api.ts'
import { useIdempotentCall } from '#app/_data/use-idempotent-call.ts'
import { formatCount } from '#app/_format/ratio.ts'
import { TextLink } from '#app/_shell/links.tsx'
import { dataOf } from '#lib/delivery/client/api-client.ts'
import { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import type { ApiBody } from '#lib/delivery/client/api-paths.ts'
import type { RunChoices } from '../list-run-choices.ts'
import { suggestPair } from './suggest-pair.ts'
import { unknownClasses } from './unknown-classes.ts'

/** Choose a version and a dataset; what does not fit together is said before it is sent. */
export function LaunchForm(props: {
  choices: RunChoices
  wanted: { version: string | null; dataset: string | null }
}) {
  const { versions, datasets } = props.choices
  const router = useRouter()
  const [suggested] = useState(() => suggestPair(props.choices, props.wanted))
  const [versionId, setVersionId] = useState(suggested.versionId)
  const [datasetName, setDatasetName] = useState(suggested.datasetName)
  const [leaveOut, setLeaveOut] = useState(false)
  const [faults, setFaults] = useState<{ version?: string; dataset?: string }>({})
  const [failure, setFailure] = useState<ApiFailure | null>(null)
  const [sending, setSending] = useState(false)
  const start = useIdempotentCall((body: ApiBody<'/api/evaluation-runs', 'post'>, header) =>
    dataOf(api.POST('/api/evaluation-runs', { body, params: { header } })),
  )
  const version = versions.find(({ id }) => id === versionId)
  const dataset = datasets.find(({ name }) => name === datasetName)
  const unknown = unknownClasses(version, dataset)

  function change(apply: () => void): void {
    apply()
    setFaults({})
    setFailure(null)
  }

  async function launch(): Promise<void> {
    if (version === undefined || dataset === undefined) {
      setFaults({
        ...(version === undefined ? { version: 'Choose a model version.' } : {}),
        ...(dataset === undefined ? { dataset: 'Choose a dataset.' } : {}),
      })
      return
    }
    setSending(true)
    setFailure(null)
    try {
      const run = await start({
        modelVersionId: version.id,
        dataset: dataset.name,
        allowUnknownClasses: leaveOut,
      })
      router.push(`/evaluation-runs/${run.id}`)
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error
      setFailure(error)
      setSending(false)
    }
  }

  return (
    <Paper
      withBorder
      p="lg"
      maw={640}
      component="form"
      onSubmit={(event) => {
        event.preventDefault()
        void launch()
      }}
    >
      <Stack>
        <Select
          label="Model version"
          description={versions.length === 0 ? undefined : 'Newest first'}
          placeholder={versions.length === 0 ? 'None yet' : 'Choose'}
          data={versions.map(({ id, label }) => ({ value: id, label }))}
          value={versionId}
          onChange={(id) => change(() => setVersionId(id))}
          error={faults.version}
          allowDeselect={false}
          searchable
          withAsterisk
        />
        {versions.length === 0 && <TextLink href="/model-versions">Upload a model version first</TextLink>}
        <Select
          label="Dataset"
          placeholder={datasets.length === 0 ? 'None yet' : 'Choose'}
          data={datasets.map(({ name, images }) => ({
            value: name,
            label: images > 0 ? `${name} (${formatCount(images)} images)` : name,
          }))}
          value={datasetName}
          onChange={(name) => change(() => setDatasetName(name))}
          error={faults.dataset}
          allowDeselect={false}
          searchable
          withAsterisk
        />
        {datasets.length === 0 && <TextLink href="/datasets">Add a dataset first</TextLink>}
        {unknown.length > 0 && (
          <Alert color="orange" title="This model cannot predict some classes of this dataset">
            <Text size="sm" mb="xs">
              Unknown classes: {unknown.join(', ')}. Their images can be excluded from all metrics; their
              number is reported.
            </Text>
            <Checkbox
              label="Exclude these images"
              checked={leaveOut}
              onChange={(event) => {
                const { checked } = event.currentTarget
                change(() => setLeaveOut(checked))
              }}
            />
          </Alert>
        )}
        {failure !== null && (
          <Alert color="red" title="The evaluation was not started" role="alert">
            {failure.message}
          </Alert>
        )}
        <Group>
          <Button type="submit" loading={sending} disabled={unknown.length > 0 && !leaveOut}>
            Launch
          </Button>
        </Group>
      </Stack>
    </Paper>
  )
}
