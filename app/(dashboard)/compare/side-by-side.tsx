import { TableTd, TableTh, TableTr, Text } from '@mantine/core'
import { StatisticCell } from '#app/_charts/statistic-cell.tsx'
import { formatDifference, formatDifferenceInterval } from '#app/_format/ratio.ts'
import { DataTable } from '#app/_shell/data-table.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import type { ModelComparison } from '#lib/model/comparison/schema.ts'
import type { Statistic } from '#lib/vocabulary/statistic.ts'

type Row = {
  name: string
  says: string
  baseline: { value: number | null; interval?: Statistic }
  candidate: { value: number | null; interval?: Statistic }
  difference: { value: number | null; low?: number | null; high?: number | null; method?: string }
}

/** The headline numbers of both versions and their differences. */
export function SideBySide({ compared }: { compared: ModelComparison }) {
  return (
    <Panel
      title="Side by side"
      description="Difference: candidate minus baseline, in percentage points, with 95% CIs for paired images."
    >
      <DataTable
        label="Side by side"
        minWidth={300}
        figures
        horizontalSpacing={4}
        columns={[
          'Metric',
          { title: 'Baseline', note: compared.baseline.label, right: true },
          { title: 'Candidate', note: compared.candidate.label, right: true },
          { title: 'Difference', right: true },
        ]}
      >
        {rowsOf(compared).map((row) => (
          <NumberRow key={row.name} row={row} />
        ))}
      </DataTable>
    </Panel>
  )
}

function NumberRow({ row: { name, says, baseline, candidate, difference } }: { row: Row }) {
  return (
    <TableTr>
      <TableTh scope="row" fw={550}>
        {name}
        <Text size="xs" c="dimmed" fw={400} visibleFrom="sm">
          {says}
        </Text>
      </TableTh>
      <StatisticCell {...baseline} />
      <StatisticCell {...candidate} />
      <TableTd ta="right" fw={600}>
        {formatDifference(difference.value)}
        {difference.low !== undefined && difference.high !== undefined && (
          <Text size="xs" c="dimmed" title={difference.method ?? ''}>
            {formatDifferenceInterval({ low: difference.low, high: difference.high })}
          </Text>
        )}
      </TableTd>
    </TableTr>
  )
}

function rowsOf(compared: ModelComparison): Row[] {
  const { baselineMetrics, candidateMetrics, calibration, differenceByPatient } = compared
  const accuracy = (difference: Row['difference'], name: string, says: string): Row => ({
    name,
    says,
    baseline: { value: baselineMetrics.accuracy.value, interval: baselineMetrics.accuracy },
    candidate: { value: candidateMetrics.accuracy.value, interval: candidateMetrics.accuracy },
    difference,
  })
  const plain = (name: 'macroF1' | 'macroAuroc') => ({
    baseline: { value: baselineMetrics[name] },
    candidate: { value: candidateMetrics[name] },
  })
  const error = (name: 'ece' | 'classwiseEce') => {
    const [before, after] = [calibration.baseline[name], calibration.candidate[name]]
    return {
      baseline: { value: before },
      candidate: { value: after },
      difference: { value: before === null || after === null ? null : after - before },
    }
  }
  return [
    accuracy(compared.difference, 'Accuracy', 'Share of images predicted correctly'),
    ...(differenceByPatient === undefined
      ? []
      : [
          accuracy(
            differenceByPatient,
            'Accuracy, by patient',
            'The interval of the difference, clustered by patient',
          ),
        ]),
    {
      name: 'Macro F1',
      says: 'Mean of the classes’ F1',
      ...plain('macroF1'),
      difference: compared.macroF1Difference,
    },
    {
      name: 'Macro AUROC',
      says: 'How well the probabilities separate the classes',
      ...plain('macroAuroc'),
      difference: compared.macroAurocDifference,
    },
    { name: 'Calibration error (ECE)', says: 'Lower is better; for the predicted class', ...error('ece') },
    { name: 'Class-wise ECE', says: 'Lower is better; mean over the classes', ...error('classwiseEce') },
  ]
}
