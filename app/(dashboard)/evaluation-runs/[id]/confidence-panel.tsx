'use client'

import { Skeleton } from '@mantine/core'
import dynamic from 'next/dynamic'
import { ChartFrame } from '#app/_charts/chart-frame.tsx'
import { formatRatio } from '#app/_format/ratio.ts'
import type { RunCurves } from '#lib/model/evaluation-result/get-curves.ts'

const ConfidenceChart = dynamic(() => import('#app/_charts/confidence-chart.tsx'), {
  ssr: false,
  loading: () => <Skeleton h={340} />,
})

/** Whether the mistakes are those of which the model was unsure. */
export function ConfidencePanel(props: { bins: RunCurves['confidence']['bins']; fileName: string }) {
  return (
    <ChartFrame
      title="Confidence, right and wrong"
      description="Mistakes at low confidence can be caught by sending unsure images to a person; mistakes at high confidence cannot."
      fileName={props.fileName}
      table={{
        columns: ['Confidence', 'Right', 'Wrong'],
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
