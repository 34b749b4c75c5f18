'use client'

import { Badge, Group, Skeleton, Stack, Table, Text } from '@mantine/core'
import dynamic from 'next/dynamic'
import { ChartFrame } from '#app/_charts/chart-frame.tsx'
import {
  formatCount,
  formatDifference,
  formatDifferenceInterval,
  formatPValue,
  formatRatio,
} from '#app/_format/ratio.ts'
import { Panel } from '#app/_shell/panel.tsx'
import type { FindingClassComparison, Verdict } from '#lib/model/comparison/schema.ts'
import type { Statistic } from '#lib/vocabulary/statistic.ts'
import type { ComparedPair } from './compared-filter.ts'
import { ComparedLink } from './compared-link.tsx'
import { forestRows, shownChange } from './forest-rows.ts'

const ForestChart = dynamic(() => import('#app/_charts/forest-chart.tsx'), {
  ssr: false,
  loading: () => <Skeleton h={372} />,
})

/** Where the difference comes from: each class's sensitivity in both versions. */
export function ClassDifferences(props: {
  overall: { n: number; difference: Statistic; verdict: Verdict }
  classes: FindingClassComparison[]
  pair: ComparedPair
  fileName: string
}) {
  const { classes, pair } = props
  const rows = forestRows(props.overall, classes)
  return (
    <Stack gap="md">
      <ChartFrame
        title="Difference by finding class"
        description="Right of the line the candidate is better. Filled: significant after Holm correction; hollow: may be chance. Whiskers: 95% CIs."
        fileName={`${props.fileName}-classes`}
        table={{
          columns: ['Finding class', 'Difference', '95% CI', 'Images'],
          rows: rows.map((row) => [
            row.name,
            formatDifference(row.value),
            formatDifferenceInterval(row),
            row.n,
          ]),
        }}
      >
        <ForestChart rows={rows} />
      </ChartFrame>
      <Panel
        title="Sensitivity by class"
        description="Share of each class’s images detected. Select a number to see its images."
      >
        <Table.ScrollContainer minWidth={820} tabIndex={0} role="region" aria-label="Sensitivity by class">
          <Table className="figures">
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Finding class</Table.Th>
                {COLUMNS.map((title) => (
                  <Table.Th key={title} scope="col" ta="right">
                    {title}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {classes.map((each) => (
                <ClassRow key={each.findingClass} compared={each} pair={pair} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Panel>
    </Stack>
  )
}

const COLUMNS = [
  'Images',
  'Baseline',
  'Candidate',
  'Difference',
  'Fixed',
  'Broken',
  'p (McNemar)',
  'p (Holm)',
] as const

function ClassRow({ compared, pair }: { compared: FindingClassComparison; pair: ComparedPair }) {
  const { findingClass, n, paired, baseline, candidate, difference, p, holmP } = compared
  const shown = shownChange(compared)
  const images = (outcome: 'fixed' | 'broken', count: number) => (
    <Table.Td ta="right">
      {count === 0 ? (
        '0'
      ) : (
        <ComparedLink
          pair={pair}
          filter={{ outcome, findingClass }}
          label={`${formatCount(count)} images of ${findingClass} ${outcome}: show them`}
        >
          {formatCount(count)}
        </ComparedLink>
      )}
    </Table.Td>
  )
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        <Group gap={8} wrap="nowrap">
          {n === 0 ? (
            findingClass
          ) : (
            <ComparedLink pair={pair} filter={{ findingClass }}>
              {findingClass}
            </ComparedLink>
          )}
          {shown !== null && (
            <Badge color={shown === 'better' ? 'teal' : 'red'} variant="light" size="sm" tt="none">
              {shown}
            </Badge>
          )}
        </Group>
      </Table.Th>
      <Table.Td ta="right">{formatCount(n)}</Table.Td>
      <Table.Td ta="right">{formatRatio(baseline.value)}</Table.Td>
      <Table.Td ta="right">{formatRatio(candidate.value)}</Table.Td>
      <Table.Td ta="right" fw={600}>
        {formatDifference(difference.value)}
        {difference.low !== null && (
          <Text size="xs" c="dimmed">
            {formatDifferenceInterval(difference)}
          </Text>
        )}
      </Table.Td>
      {images('fixed', paired.candidateOnly)}
      {images('broken', paired.baselineOnly)}
      <Table.Td ta="right">{formatPValue(p)}</Table.Td>
      <Table.Td ta="right">{formatPValue(holmP)}</Table.Td>
    </Table.Tr>
  )
}
