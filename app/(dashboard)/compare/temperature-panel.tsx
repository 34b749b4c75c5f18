'use client'

import { Alert, Loader, NativeSelect, SimpleGrid, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '#app/_data/api.ts'
import { formatCount, formatNumber, formatRatio } from '#app/_format/ratio.ts'
import { TextLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { dataOf } from '#lib/delivery/client/api-client.ts'

export type TemperatureSide = {
  modelVersionId: string
  label: string
  evaluationRunId: string
  /** Only its predictions were imported: it cannot be evaluated here. */
  imported: boolean
  /** The version's latest succeeded runs on other datasets. */
  others: { evaluationRunId: string; dataset: string }[]
}

/** What one number fitted on other images would do to each version's confidence. */
export function TemperaturePanel({ sides }: { sides: readonly TemperatureSide[] }) {
  return (
    <Panel
      title="Temperature"
      description="Dividing a version’s logits by one number, its temperature, corrects confidence without changing predicted classes. Fitted on another dataset; a preview only."
    >
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        {sides.map((side) => (
          <Side key={side.evaluationRunId} side={side} />
        ))}
      </SimpleGrid>
    </Panel>
  )
}

function Side({ side }: { side: TemperatureSide }) {
  const [fittedOn, setFittedOn] = useState('')
  return (
    <Stack gap="sm">
      <Title order={3} size="h6">
        {side.label}
      </Title>
      {side.others.length === 0 && side.imported ? (
        <Text size="sm" c="dimmed">
          Only predictions on these images were imported, so there is no other dataset to fit on.
        </Text>
      ) : side.others.length === 0 ? (
        <Text size="sm" c="dimmed">
          No evaluation on another dataset.{' '}
          <TextLink href={`/evaluation-runs/new?version=${side.modelVersionId}`} inherit underline="always">
            Evaluate it on one
          </TextLink>{' '}
          to fit a temperature.
        </Text>
      ) : (
        <NativeSelect
          label={`Fit the temperature of ${side.label} on`}
          value={fittedOn}
          onChange={(event) => setFittedOn(event.currentTarget.value)}
          data={[
            { value: '', label: 'Choose a dataset' },
            ...side.others.map(({ evaluationRunId, dataset }) => ({
              value: evaluationRunId,
              label: dataset,
            })),
          ]}
        />
      )}
      {fittedOn !== '' && <Preview runId={side.evaluationRunId} fittedOn={fittedOn} label={side.label} />}
    </Stack>
  )
}

/** Closer to 1 than this is not worth a word. */
const NEAR_ONE = 0.05

function describeTemperature(temperature: number): string {
  if (Math.abs(temperature - 1) < NEAR_ONE) return 'well calibrated'
  return temperature > 1 ? 'overconfident' : 'underconfident'
}

function Preview({ runId, fittedOn, label }: { runId: string; fittedOn: string; label: string }) {
  const { data, error } = useQuery({
    queryKey: ['temperature', runId, fittedOn],
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/api/evaluation-runs/{id}/temperature', {
          params: { path: { id: runId }, query: { fittedOn } },
          signal,
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY, // a succeeded run's predictions do not change
  })
  if (error !== null)
    return (
      <Alert color="red" title="The temperature could not be fitted" role="alert">
        {error.message}
      </Alert>
    )
  if (data === undefined) return <Loader size="sm" aria-label="Fitting the temperature" />
  const { temperature, atBound, before, after } = data
  return (
    <>
      <Text size="sm" role="status">
        Temperature <strong className="figures">{formatNumber(temperature, 2)}</strong>, fitted on{' '}
        {formatCount(data.fittedOn.n)} images: {label} is {describeTemperature(temperature)} there.
        {atBound && ' The best temperature may lie outside the range searched (0.05 to 20).'}
      </Text>
      <Table className="figures">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">On these {formatCount(data.n)} images</Table.Th>
            <Table.Th scope="col" ta="right">
              Before{' '}
            </Table.Th>
            <Table.Th scope="col" ta="right">
              After{' '}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {[
            ['Calibration error (ECE)', formatRatio(before.ece), formatRatio(after.ece)],
            ['Class-wise ECE', formatRatio(before.classwiseEce), formatRatio(after.classwiseEce)],
            ['Log loss', formatNumber(before.logLoss), formatNumber(after.logLoss)],
          ].map(([name, now, then]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={500}>
                {name}
              </Table.Th>
              <Table.Td ta="right">{now}</Table.Td>
              <Table.Td ta="right" fw={600}>
                {then}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  )
}
