import { Box, Group, TableTd, TableTr, Text } from '@mantine/core'
import { IntervalBar } from '#app/_charts/interval-bar.tsx'
import { Instant } from '#app/_format/instant.tsx'
import { formatCount, formatNumber, formatRatio, formatRatioInterval } from '#app/_format/ratio.ts'
import { DataTable } from '#app/_shell/data-table.tsx'
import { TextLink } from '#app/_shell/links.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import { pageOfDataset, pageOfEvaluationRun } from '#lib/delivery/search/page-address.ts'
import type { VersionEvaluation } from '#lib/model/registry/schema.ts'

/** The succeeded evaluations of a version, the last one first. */
export function EvaluationTable(props: {
  modelVersionId: string
  evaluations: readonly VersionEvaluation[]
  total: number
}) {
  const { evaluations, total } = props
  const hidden = total - evaluations.length
  return (
    <Panel
      title="Evaluations"
      description={
        hidden > 0
          ? `The last ${formatCount(evaluations.length)} of ${formatCount(total)}.`
          : 'Completed, newest first.'
      }
      actions={
        <TextLink href={`/evaluation-runs?version=${props.modelVersionId}`} size="sm">
          Show all
        </TextLink>
      }
    >
      {evaluations.length === 0 ? (
        <Text c="dimmed" size="sm">
          Not evaluated yet. Accuracy appears here after the first evaluation.
        </Text>
      ) : (
        <DataTable
          label="Evaluations of this version"
          minWidth={560}
          maxHeight={460}
          columns={[
            'Dataset',
            { title: 'Accuracy (95% CI)', width: 210 },
            { title: 'Macro AUROC', right: true },
            'Finished',
          ]}
        >
          {evaluations.map((evaluation) => (
            <Row key={evaluation.evaluationRunId} evaluation={evaluation} />
          ))}
        </DataTable>
      )}
    </Panel>
  )
}

function Row({ evaluation }: { evaluation: VersionEvaluation }) {
  const { dataset, accuracy, macroAuroc, n, errors, finishedAt, evaluationRunId } = evaluation
  return (
    <TableTr>
      <TableTd>
        <TextLink href={pageOfDataset(dataset)}>{dataset}</TextLink>
        <Text size="xs" c="dimmed" className="figures">
          {formatCount(n)} images{errors > 0 && `, ${formatCount(errors)} without a prediction`}
        </Text>
      </TableTd>
      <TableTd>
        <Box maw={210}>
          <Group justify="space-between" gap="xs" wrap="nowrap" className="figures">
            <Text fw={600} component="span" inherit>
              {formatRatio(accuracy.value)}
            </Text>
            <Text size="xs" c="dimmed" component="span">
              {formatRatioInterval(accuracy)}
            </Text>
          </Group>
          <IntervalBar statistic={accuracy} height={6} />
        </Box>
      </TableTd>
      <TableTd ta="right" className="figures">
        {formatNumber(macroAuroc.value)}
      </TableTd>
      <TableTd>
        <TextLink href={pageOfEvaluationRun(evaluationRunId)}>
          <Instant at={finishedAt.toISOString()} />
        </TextLink>
      </TableTd>
    </TableTr>
  )
}
