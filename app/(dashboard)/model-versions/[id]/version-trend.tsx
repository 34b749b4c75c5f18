'use client'

import { Select, Skeleton } from '@mantine/core'
import dynamic from 'next/dynamic'
import { parseAsStringLiteral, useQueryState } from 'nuqs'
import { ChartFrame } from '#app/_charts/chart-frame.tsx'
import { formatRatio } from '#app/_format/ratio.ts'
import { type Evaluated, trendPoints, trendsOf } from './trend-points.ts'

const HEIGHT = 240
const TrendChart = dynamic(() => import('#app/_charts/accuracy-trend.tsx'), {
  ssr: false,
  loading: () => <Skeleton h={HEIGHT} />,
})

/** One version's accuracy on one dataset over time: it moves as the dataset does. Nothing where there is no line. */
export function VersionTrend(props: { evaluations: readonly Evaluated[]; fileName: string }) {
  const datasets = trendsOf(props.evaluations)
  const [chosen, choose] = useQueryState('dataset', parseAsStringLiteral(datasets))
  const dataset = chosen ?? datasets[0]
  if (dataset === undefined) return null
  const points = trendPoints(props.evaluations, dataset)
  return (
    <ChartFrame
      title="Accuracy over time"
      description={`On ${dataset}; bars are 95% CIs. Versions are immutable: changes come from the dataset.`}
      fileName={`${props.fileName}-over-time`}
      actions={
        datasets.length > 1 && (
          <Select
            size="xs"
            w={160}
            aria-label="Dataset of the chart"
            data={datasets}
            value={dataset}
            allowDeselect={false}
            onChange={(value) => void choose(value)}
          />
        )
      }
      table={{
        columns: ['Finished', 'Accuracy', 'Low', 'High', 'Images'],
        rows: points.map(({ label, value, low, high, n }) => [
          label,
          formatRatio(value),
          formatRatio(low),
          formatRatio(high),
          n,
        ]),
      }}
    >
      <TrendChart points={points} height={HEIGHT} />
    </ChartFrame>
  )
}
