import { TableTd, TableTh, TableTr, Text } from '@mantine/core'
import { StatisticCell } from '#app/_charts/statistic-cell.tsx'
import { nameModality } from '#app/_format/name-modality.ts'
import { formatCount, formatDifference, formatDifferenceInterval } from '#app/_format/ratio.ts'
import { DataTable } from '#app/_shell/data-table.tsx'
import { Panel } from '#app/_shell/panel.tsx'
import type { ModelComparison } from '#lib/model/comparison/schema.ts'

/** Each modality by itself; nothing where there is only one and no cross-modality error. */
export function ModalityDifferences({ compared }: { compared: ModelComparison }) {
  const { modalities } = compared
  const crossed = modalities.some(
    ({ crossModalityPredictions: { baseline, candidate } }) => baseline + candidate > 0,
  )
  if (modalities.length < 2 && !crossed) return null
  return (
    <Panel
      title="Within each modality"
      description="Telling a chest X-ray from an OCT scan is easy. Here only classes of the same modality compete."
    >
      <DataTable
        label="Within each modality"
        minWidth={680}
        figures
        columns={[
          'Modality',
          { title: 'Images', right: true },
          { title: 'Baseline', right: true },
          { title: 'Candidate', right: true },
          { title: 'Difference', right: true },
          { title: 'Cross-modality errors', right: true },
        ]}
      >
        {modalities.map((each) => (
          <TableTr key={each.modality}>
            <TableTh scope="row" fw={550}>
              {nameModality(each.modality)}
            </TableTh>
            <TableTd ta="right">{formatCount(each.n)}</TableTd>
            <StatisticCell value={each.baseline.value} interval={each.baseline} />
            <StatisticCell value={each.candidate.value} interval={each.candidate} />
            <TableTd ta="right" fw={600}>
              {formatDifference(each.difference.value)}
              <Text size="xs" c="dimmed">
                {formatDifferenceInterval(each.difference)}
              </Text>
            </TableTd>
            <TableTd ta="right">
              {formatCount(each.crossModalityPredictions.baseline)} →{' '}
              {formatCount(each.crossModalityPredictions.candidate)}
            </TableTd>
          </TableTr>
        ))}
      </DataTable>
    </Panel>
  )
}
