'use client'

import { Skeleton } from '@mantine/core'
import dynamic from 'next/dynamic'
import { ChartFrame } from '#app/_charts/chart-frame.tsx'
import { formatRatio } from '#app/_format/ratio.ts'
import type { RunCurves } from '#lib/model/evaluation-result/schema.ts'

const ConfidenceChart = dynamic(() => import('#app/_charts/confidence-chart.tsx'), {
  ssr: false,
  loading: () => <Skeleton h={340} />,
})

/** Whether the mistakes are those of which the model was unsure. */
export function ConfidencePanel(props: { bins: RunCurves['confidence']['bins']; fileName: string }) {
  return (
    <ChartFrame
      title="Confidence of correct and incorrect predictions"
      description="Low-confidence errors could be flagged for human review; high-confidence errors would not be."
      fileName={props.fileName}
      table={{
        columns: ['Confidence', 'Correct', 'Incorrect'],
        rows: props.bins
          .filter(({ right, wrong }) => right + wrong > 0)
          .map(({ low, high, right, wrong }) => [
            `${formatRatio(low, 0)} to ${formatRatio(high, 0)}`,
            right,
            wrong,
          ]),
      }}
    >
      <ConfidenceChart bars={props.bins} />
    </ChartFrame>
  )
}
