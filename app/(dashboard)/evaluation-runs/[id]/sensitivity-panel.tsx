'use client'

import { Skeleton } from '@mantine/core'
import dynamic from 'next/dynamic'
import { ChartFrame } from '#app/_charts/chart-frame.tsx'
import { classColours } from '#app/_charts/class-colours.ts'
import { formatRatio, formatRatioInterval } from '#app/_format/ratio.ts'
import type { Statistic } from '#lib/vocabulary/statistic.ts'

const SensitivityChart = dynamic(() => import('#app/_charts/sensitivity-chart.tsx'), {
  ssr: false,
  loading: () => <Skeleton h={320} />,
})

/** Of each class's images, the share that was found. */
export function SensitivityPanel(props: {
  classes: { findingClass: string; statistic: Statistic }[]
  fileName: string
}) {
  const colours = classColours(props.classes.map(({ findingClass }) => findingClass))
  const bars = props.classes
    .filter(({ statistic }) => statistic.n > 0)
    .map(({ findingClass, statistic: { value, low, high, n } }) => ({
      findingClass,
      n,
      value,
      low,
      high,
      colour: colours.get(findingClass) ?? 'var(--chart-neutral)',
    }))
  return (
    <ChartFrame
      title="Sensitivity by class"
      description="Share of each class’s images detected. Whiskers: 95% CI."
      fileName={props.fileName}
      table={{
        columns: ['Finding class', 'Sensitivity', '95% CI', 'Images'],
        rows: bars.map((bar) => [bar.findingClass, formatRatio(bar.value), formatRatioInterval(bar), bar.n]),
      }}
    >
      <SensitivityChart bars={bars} />
    </ChartFrame>
  )
}
