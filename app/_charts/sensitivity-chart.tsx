'use client'

import {
  Bar,
  BarChart,
  CartesianGrid,
  Cell,
  ErrorBar,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { formatRatio, formatRatioInterval } from '#app/_format/ratio.ts'
import { AXIS_LINE, AXIS_TICK, asPercent, GRID, UNIT_TICKS } from './axis-style.ts'
import { ChartTooltip } from './chart-tooltip.tsx'
import { shortenMiddle } from './shorten-middle.ts'

export type SensitivityBar = {
  findingClass: string
  n: number
  value: number | null
  low: number | null
  high: number | null
  colour: string
}

const ROW_HEIGHT = 34
const AXIS_HEIGHT = 36
const LABEL_WIDTH = 148
const LABEL_CHARACTERS = 21

/** Room for one row per class. */
export const sensitivityChartHeight = (classes: number) => classes * ROW_HEIGHT + AXIS_HEIGHT

/** One bar per finding class with a whisker for its interval. */
export default function SensitivityChart({ bars }: { bars: readonly SensitivityBar[] }) {
  const data = bars.map((bar) => ({ ...bar, whisker: whiskerOf(bar) }))
  return (
    <ResponsiveContainer width="100%" height={sensitivityChartHeight(bars.length)}>
      <BarChart
        data={data}
        layout="vertical"
        margin={{ top: 4, right: 16, bottom: 4, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid {...GRID} horizontal={false} />
        <XAxis
          type="number"
          domain={[0, 1]}
          ticks={UNIT_TICKS}
          tickFormatter={asPercent}
          tick={AXIS_TICK}
          axisLine={AXIS_LINE}
          tickLine={false}
        />
        <YAxis
          type="category"
          dataKey="findingClass"
          width={LABEL_WIDTH}
          interval={0}
          tickFormatter={(name: string) => shortenMiddle(name, LABEL_CHARACTERS)}
          tick={AXIS_TICK}
          axisLine={AXIS_LINE}
          tickLine={false}
        />
        <Tooltip
          cursor={{ fill: 'var(--chart-grid)', fillOpacity: 0.35 }}
          isAnimationActive={false}
          content={({ payload }) => <BarTooltip bar={payload?.[0]?.payload as SensitivityBar | undefined} />}
        />
        <Bar dataKey="value" barSize={16} radius={[0, 3, 3, 0]} isAnimationActive={false} fillOpacity={0.75}>
          {data.map((bar) => (
            <Cell key={bar.findingClass} fill={bar.colour} />
          ))}
          <ErrorBar
            dataKey="whisker"
            width={5}
            stroke="var(--mantine-color-text)"
            strokeWidth={1.5}
            isAnimationActive={false}
          />
        </Bar>
      </BarChart>
    </ResponsiveContainer>
  )
}

/** How far the interval reaches below and above the value. */
function whiskerOf({ value, low, high }: SensitivityBar): [number, number] {
  if (value === null || low === null || high === null) return [0, 0]
  return [value - low, high - value]
}

function BarTooltip({ bar }: { bar: SensitivityBar | undefined }) {
  if (bar === undefined) return null
  return (
    <ChartTooltip
      title={bar.findingClass}
      lines={[`Sensitivity ${formatRatio(bar.value)}`, `95% CI ${formatRatioInterval(bar)}`, `n = ${bar.n}`]}
    />
  )
}
