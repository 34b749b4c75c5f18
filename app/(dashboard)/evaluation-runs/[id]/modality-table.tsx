import { TableTd, TableTh, TableTr, Text } from '@mantine/core'
import { StatisticCell } from '#app/_charts/statistic-cell.tsx'
import { nameModality } from '#app/_format/name-modality.ts'
import { formatCount, formatRatio } from '#app/_format/ratio.ts'
import { DataTable } from '#app/_shell/data-table.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import type { RunMetrics } from '#lib/model/evaluation-result/schema.ts'

/** Each modality by itself; nothing where all images are of one and there is no cross-modality error. */
export function ModalityTable({ metrics }: { metrics: Pick<RunMetrics, 'withinModality' | 'intervals'> }) {
  const rows = Object.entries(metrics.withinModality).filter(([, { n }]) => n > 0)
  const crossed = rows.reduce((sum, [, each]) => sum + each.crossModalityPredictions, 0)
  if (rows.length < 2 && crossed === 0) return null
  return (
    <Panel
      title="Within each modality"
      description="Telling a chest X-ray from an OCT scan is easy and inflates the overall figures. Here only classes of the same modality compete."
    >
      <DataTable
        label="Within each modality"
        minWidth={640}
        figures
        columns={[
          'Modality',
          { title: 'Images', right: true },
          { title: 'Accuracy', right: true },
          { title: 'Balanced accuracy', right: true },
          { title: 'Macro F1', right: true },
          { title: 'Macro AUROC', right: true },
          { title: 'Cross-modality errors', right: true },
        ]}
      >
        {rows.map(([modality, within]) => (
          <TableTr key={modality}>
            <TableTh scope="row" fw={550}>
              {nameModality(modality)}
              <Text size="xs" c="dimmed" fw={400}>
                {within.classesPresent} {within.classesPresent === 1 ? 'class' : 'classes'} with images
              </Text>
            </TableTh>
            <TableTd ta="right">{formatCount(within.n)}</TableTd>
            <StatisticCell
              value={metrics.intervals.withinModality[modality]?.accuracy?.value}
              interval={metrics.intervals.withinModality[modality]?.accuracy}
            />
            <TableTd ta="right">{formatRatio(within.balancedAccuracy)}</TableTd>
            <TableTd ta="right">{formatRatio(within.macroF1)}</TableTd>
            <StatisticCell
              value={metrics.intervals.withinModality[modality]?.macroAuroc?.value}
              interval={metrics.intervals.withinModality[modality]?.macroAuroc}
            />
            <TableTd ta="right">
              {formatCount(within.crossModalityPredictions)}
              <Text size="xs" c="dimmed">
                {within.crossModalityPredictions === 0 ? 'none' : 'check these images'}
              </Text>
            </TableTd>
          </TableTr>
        ))}
      </DataTable>
    </Panel>
  )
}
