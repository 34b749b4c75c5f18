'use client'

import {
  CartesianGrid,
  ErrorBar,
  Line,
  LineChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { formatRatio, formatRatioInterval } from '#app/_format/ratio.ts'
import { ChartTooltip } from './chart-tooltip.tsx'

type Point = { label: string; value: number | null; low: number | null; high: number | null; n: number }

/** Versions from left to right, accuracy with its interval; the axis begins where the lowest interval does. */
export default function AccuracyTrend({ points, height }: { points: readonly Point[]; height: number }) {
  const rows = points.map((point) => ({
    ...point,
    spread:
      point.value === null || point.low === null || point.high === null
        ? [0, 0]
        : [point.value - point.low, point.high - point.value],
  }))
  const lowest = Math.min(1, ...points.map(({ low, value }) => low ?? value ?? 1))
  const floor = Math.max(0, Math.floor(lowest * 10 - 0.5) / 10)
  const ticks = Array.from({ length: Math.round((1 - floor) * 10) + 1 }, (_, step) => floor + step / 10)
  return (
    <ResponsiveContainer width="100%" height={height}>
      <LineChart data={rows} margin={{ top: 8, right: 24, bottom: 4, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid stroke="var(--chart-grid)" vertical={false} />
        <XAxis dataKey="label" tick={TICK} stroke="var(--chart-grid)" padding={{ left: 40, right: 40 }} />
        <YAxis
          domain={[floor, 1]}
          ticks={ticks}
          tickFormatter={(value: number) => formatRatio(value, 0)}
          tick={TICK}
          stroke="var(--chart-grid)"
          width={56}
        />
        <Tooltip
          content={({ active, payload }) => {
            const point = payload?.[0]?.payload as Point | undefined
            if (!active || point === undefined) return null
            return (
              <ChartTooltip
                title={point.label}
                lines={[
                  `Accuracy ${formatRatio(point.value)}`,
                  `95% CI ${formatRatioInterval(point)}`,
                  `${point.n} images`,
                ]}
              />
            )
          }}
        />
        <Line
          dataKey="value"
          stroke="var(--chart-neutral)"
          strokeWidth={2}
          dot={{ r: 5, fill: 'var(--chart-neutral)' }}
          isAnimationActive={false}
        >
          <ErrorBar dataKey="spread" stroke="var(--chart-neutral)" strokeWidth={2} width={8} />
        </Line>
      </LineChart>
    </ResponsiveContainer>
  )
}

const TICK = { fill: 'var(--chart-text)', fontSize: 12 }
