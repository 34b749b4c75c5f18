import { Group, Stack, Table, Text } from '@mantine/core'
import { IntervalBar } from '#app/_charts/interval-bar.tsx'
import { LiveRunStatus } from '#app/_evaluation-run/live-run-status.tsx'
import { Instant } from '#app/_format/instant.tsx'
import { formatSeconds } from '#app/_format/measure.ts'
import { formatCount, formatRatio, formatRatioInterval } from '#app/_format/ratio.ts'
import { TextLink } from '#app/_shell/links.tsx'
import type { EvaluationRunSummary } from '#lib/model/evaluation-run/schema.ts'
import type { Sent } from '#lib/platform/api/sent.ts'

/** A run as the REST API says it. */
export type RunRow = Sent<EvaluationRunSummary>

export function RunTable({ runs }: { runs: readonly RunRow[] }) {
  return (
    <Table.ScrollContainer minWidth={860}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Evaluation</Table.Th>
            <Table.Th>Dataset</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Accuracy</Table.Th>
            <Table.Th ta="right">Images</Table.Th>
            <Table.Th ta="right">Duration</Table.Th>
            <Table.Th>Started</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <Table.Tr key={run.id}>
              <Table.Td>
                <TextLink href={`/evaluation-runs/${run.id}`} fw={550}>
                  {run.versionLabel}
                </TextLink>
              </Table.Td>
              <Table.Td>
                <TextLink href={`/datasets/${encodeURIComponent(run.dataset)}`}>{run.dataset}</TextLink>
              </Table.Td>
              <Table.Td>
                <LiveRunStatus id={run.id} status={run.status} progress={run.progress} />
                {run.reason !== null && (
                  <Text size="xs" c="dimmed" lineClamp={2} maw={260}>
                    {run.reason}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <Accuracy run={run} />
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {formatCount(run.progress.total)}
              </Table.Td>
              <Table.Td ta="right" className="figures">
                {formatSeconds(run.timings.evaluatingSeconds)}
              </Table.Td>
              <Table.Td>
                <Stack gap={0}>
                  <Instant at={run.createdAt} />
                  <Text size="xs" c="dimmed">
                    {run.createdByName}
                  </Text>
                </Stack>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Accuracy({ run }: { run: RunRow }) {
  if (run.accuracy === null) return <>–</>
  return (
    <Stack gap={2} w={150}>
      <Group gap={6} wrap="nowrap" className="figures">
        <Text size="sm" fw={600}>
          {formatRatio(run.accuracy.value)}
        </Text>
        <Text size="xs" c="dimmed">
          {formatRatioInterval(run.accuracy)}
        </Text>
      </Group>
      <IntervalBar statistic={run.accuracy} height={6} />
    </Stack>
  )
}
