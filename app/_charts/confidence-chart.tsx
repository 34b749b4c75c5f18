'use client'

import { Bar, BarChart, CartesianGrid, Legend, ResponsiveContainer, Tooltip, YAxis } from 'recharts'
import { formatCount } from '#app/_format/ratio.ts'
import { AXIS_LINE, AXIS_TICK, asPercent, axisLabel, GRID } from './axis-style.ts'
import { ChartTooltip } from './chart-tooltip.tsx'
import { ConfidenceAxis } from './confidence-axis.tsx'

export type ConfidenceBar = { low: number; high: number; right: number; wrong: number }

export const CONFIDENCE_HEIGHT = 340

/** How many images were predicted right and wrong at each confidence. */
export default function ConfidenceChart({ bars }: { bars: readonly ConfidenceBar[] }) {
  return (
    <ResponsiveContainer width="100%" height={CONFIDENCE_HEIGHT}>
      <BarChart
        data={[...bars]}
        margin={{ top: 8, right: 16, bottom: 20, left: 0 }}
        barCategoryGap={1}
        accessibilityLayer={false}
      >
        <CartesianGrid {...GRID} vertical={false} />
        <ConfidenceAxis />
        <YAxis
          width={58}
          tick={AXIS_TICK}
          axisLine={AXIS_LINE}
          tickLine={false}
          allowDecimals={false}
          tickFormatter={formatCount}
          label={axisLabel('Images', 'insideLeft')}
        />
        <Legend
          verticalAlign="top"
          align="right"
          height={28}
          formatter={(name: string) => (
            <span style={{ color: 'var(--chart-text)', fontSize: 12 }}>{name}</span>
          )}
        />
        <Tooltip
          cursor={{ fill: 'var(--chart-grid)', fillOpacity: 0.35 }}
          isAnimationActive={false}
          content={({ payload }) => <BarTooltip bar={payload?.[0]?.payload as ConfidenceBar | undefined} />}
        />
        <Bar
          dataKey="wrong"
          name="Incorrect"
          stackId="n"
          fill="var(--chart-wrong)"
          isAnimationActive={false}
        />
        <Bar dataKey="right" name="Correct" stackId="n" fill="var(--chart-right)" isAnimationActive={false} />
      </BarChart>
    </ResponsiveContainer>
  )
}

function BarTooltip({ bar }: { bar: ConfidenceBar | undefined }) {
  if (bar === undefined) return null
  return (
    <ChartTooltip
      title={`Confidence ${asPercent(bar.low)} to ${asPercent(bar.high)}`}
      lines={[`Correct ${formatCount(bar.right)}`, `Incorrect ${formatCount(bar.wrong)}`]}
    />
  )
}
