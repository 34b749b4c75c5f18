import './colours.css'
import { Box } from '@mantine/core'
import { formatRatio, formatRatioInterval } from '#app/_format/ratio.ts'
import type { Statistic } from '#lib/vocabulary/statistic.ts'

/** A ratio on a line from 0 to 100%: the interval as a band, the value as a mark. */
export function IntervalBar({ statistic, height = 10 }: { statistic: Statistic; height?: number }) {
  const { value, low, high } = statistic
  if (value === null || low === null || high === null) return null
  return (
    <Box
      role="img"
      aria-label={`${formatRatio(value)}, 95% CI ${formatRatioInterval(statistic)}`}
      pos="relative"
      h={height}
      style={{ borderRadius: height, background: 'var(--chart-grid)', overflow: 'hidden' }}
    >
      <Box
        pos="absolute"
        top={0}
        bottom={0}
        left={`${low * 100}%`}
        w={`${(high - low) * 100}%`}
        style={{ background: 'var(--chart-neutral)', opacity: 0.45 }}
      />
      <Box
        pos="absolute"
        top={0}
        bottom={0}
        w={3}
        left={`calc(${value * 100}% - 1.5px)`}
        style={{ background: 'var(--chart-neutral)' }}
      />
    </Box>
  )
}
