'use client'

import { Skeleton } from '@mantine/core'
import dynamic from 'next/dynamic'
import { ChartFrame } from '#app/_charts/chart-frame.tsx'
import { formatRatio, formatRatioInterval } from '#app/_format/ratio.ts'
import type { RunCurves } from '#lib/model/evaluation-result/schema.ts'

const ReliabilityChart = dynamic(() => import('#app/_charts/reliability-chart.tsx'), {
  ssr: false,
  loading: () => <Skeleton h={356} />,
})

/** Whether the model's confidence can be taken at its word. */
export function ReliabilityPanel(props: {
  version: string
  reliability: RunCurves['reliability']
  fileName: string
}) {
  const { bins, binCount, ece } = props.reliability
  const filled = bins.filter(({ n }) => n > 0)
  return (
    <ChartFrame
      title="Calibration"
      description={`On the dashed line, 80% of the images with 80% confidence are correct. Below the line the model is overconfident. Calibration error (ECE) ${formatRatio(ece)} over ${binCount} bins, ${filled.length} with images; whiskers are 95% CIs.`}
      fileName={props.fileName}
      table={{
        columns: ['Confidence', 'Images', 'Observed accuracy', '95% CI', 'Mean confidence'],
        rows: filled.map((bin) => [
          `${formatRatio(bin.low, 0)} to ${formatRatio(bin.high, 0)}`,
          bin.n,
          formatRatio(bin.accuracy),
          formatRatioInterval(bin.interval ?? { low: null, high: null }),
          formatRatio(bin.meanConfidence),
        ]),
      }}
    >
      <ReliabilityChart
        series={[{ name: props.version, bins, colour: 'var(--chart-neutral)', shape: 'circle' }]}
      />
    </ChartFrame>
  )
}
