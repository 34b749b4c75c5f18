'use client'

import { Skeleton, Text } from '@mantine/core'
import dynamic from 'next/dynamic'
import { ChartFrame } from '#app/_charts/chart-frame.tsx'
import { formatRatio } from '#app/_format/ratio.ts'
import { Panel } from '#app/_shell/panel.tsx'
import type { Statistic } from '#lib/vocabulary/statistic.ts'

const HEIGHT = 260
const TrendChart = dynamic(() => import('#app/_charts/accuracy-trend.tsx'), {
  ssr: false,
  loading: () => <Skeleton h={HEIGHT} />,
})

type Version = { modelVersionId: string; label: string; dataset: string; accuracy: Statistic; n: number }

/** Each version's accuracy with its interval, the oldest at the left. */
export function AccuracyOverVersions({ versions }: { versions: readonly Version[] }) {
  const dataset = versions[0]?.dataset
  if (dataset === undefined)
    return (
      <Panel title="Accuracy by version">
        <Text c="dimmed">Appears after the first evaluation.</Text>
      </Panel>
    )
  const points = versions.map(({ label, accuracy }) => ({ label, ...accuracy }))
  return (
    <ChartFrame
      title="Accuracy by version"
      description={`On ${dataset}; bars are 95% CIs.`}
      fileName="accuracy-over-versions"
      table={{
        columns: ['Version', 'Accuracy', 'Low', 'High', 'Images'],
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
