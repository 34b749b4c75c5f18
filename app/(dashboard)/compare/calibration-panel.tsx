'use client'

import { Group, Skeleton, Text } from '@mantine/core'
import dynamic from 'next/dynamic'
import { ChartFrame } from '#app/_charts/chart-frame.tsx'
import { formatRatio, formatRatioInterval } from '#app/_format/ratio.ts'
import type { ReliabilityDiagram } from '#lib/statistics/schema.ts'

const ReliabilityChart = dynamic(() => import('#app/_charts/reliability-chart.tsx'), {
  ssr: false,
  loading: () => <Skeleton h={356} />,
})

type Side = ReliabilityDiagram & { label: string }

/** Whose confidence can be taken at its word. */
export function CalibrationPanel(props: { baseline: Side; candidate: Side; fileName: string }) {
  const { baseline, candidate } = props
  const sides = [baseline, candidate]
  const series = [
    {
      name: baseline.label,
      bins: baseline.bins,
      colour: 'var(--chart-baseline)',
      shape: 'diamond' as const,
    },
    {
      name: candidate.label,
      bins: candidate.bins,
      colour: 'var(--chart-neutral)',
      shape: 'circle' as const,
    },
  ]
  return (
    <ChartFrame
      title="Calibration"
      description={`On the dashed line, confidence equals observed accuracy; below it a version is overconfident. Calibration error (ECE, ${baseline.binCount} bins): ${formatRatio(baseline.ece)} before, ${formatRatio(candidate.ece)} now. Whiskers are 95% CIs.`}
      fileName={`${props.fileName}-calibration`}
      table={{
        columns: ['Version and confidence', 'Images', 'Observed accuracy', '95% CI', 'Mean confidence'],
        rows: sides.flatMap(({ label, bins }) =>
          bins
            .filter(({ n }) => n > 0)
            .map((bin) => [
              `${label}, ${formatRatio(bin.low, 0)} to ${formatRatio(bin.high, 0)}`,
              bin.n,
              formatRatio(bin.accuracy),
              formatRatioInterval(bin.interval ?? { low: null, high: null }),
              formatRatio(bin.meanConfidence),
            ]),
        ),
      }}
    >
      <Group gap="lg" mb="xs">
        {series.map(({ name, colour, shape }) => (
          <Group key={name} gap={6} wrap="nowrap">
            <svg width={14} height={14} aria-hidden="true" role="presentation">
              {shape === 'circle' ? (
                <circle cx={7} cy={7} r={5} fill={colour} />
              ) : (
                <path d="M7 1 L13 7 L7 13 L1 7 Z" fill={colour} />
              )}
            </svg>
            <Text size="sm">{name}</Text>
          </Group>
        ))}
      </Group>
      <ReliabilityChart series={series} />
    </ChartFrame>
  )
}
