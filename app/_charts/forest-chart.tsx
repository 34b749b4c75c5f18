'use client'

import {
  CartesianGrid,
  ErrorBar,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { formatDifference, formatDifferenceInterval } from '#app/_format/ratio.ts'
import { AXIS_LINE, AXIS_TICK, axisLabel, GRID } from './axis-style.ts'
import { ChartTooltip } from './chart-tooltip.tsx'
import { shortenMiddle } from './shorten-middle.ts'

export type ForestRow = {
  name: string
  n: number
  value: number
  low: number
  high: number
  /** Shown to differ, and in which direction; drawn filled. */
  shown: 'better' | 'worse' | null
}

const ROW_HEIGHT = 32
const AXIS_HEIGHT = 52
const LABEL_WIDTH = 148
const LABEL_CHARACTERS = 21

/** Room for so many rows. */
export const forestChartHeight = (rows: number) => rows * ROW_HEIGHT + AXIS_HEIGHT

const COLOURS = { better: 'var(--chart-right)', worse: 'var(--chart-wrong)' } as const

/** Differences with their intervals around zero, one row each. */
export default function ForestChart({ rows }: { rows: readonly ForestRow[] }) {
  const reach = reachOf(rows)
  const data = rows.map((row) => ({ ...row, whisker: [row.value - row.low, row.high - row.value] }))
  return (
    <ResponsiveContainer width="100%" height={forestChartHeight(rows.length)}>
      <ScatterChart margin={{ top: 4, right: 16, bottom: 20, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid {...GRID} horizontal={false} />
        <XAxis
          type="number"
          dataKey="value"
          domain={[-reach, reach]}
          ticks={[-reach, -reach / 2, 0, reach / 2, reach]}
          tickFormatter={(value: number) => formatDifference(value, 0)}
          tick={AXIS_TICK}
          axisLine={AXIS_LINE}
          tickLine={false}
          label={axisLabel('Candidate minus baseline, points', 'insideBottom')}
        />
        <YAxis
          type="category"
          dataKey="name"
          width={LABEL_WIDTH}
          interval={0}
          reversed
          allowDuplicatedCategory={false}
          tickFormatter={(name: string) => shortenMiddle(name, LABEL_CHARACTERS)}
          tick={AXIS_TICK}
          axisLine={AXIS_LINE}
          tickLine={false}
        />
        <ReferenceLine x={0} stroke="var(--chart-text)" strokeDasharray="4 4" />
        <Tooltip
          isAnimationActive={false}
          content={({ payload }) => <RowTooltip row={payload?.[0]?.payload as ForestRow | undefined} />}
        />
        <Scatter data={data} shape={drawRow} isAnimationActive={false}>
          <ErrorBar
            dataKey="whisker"
            direction="x"
            width={5}
            stroke="var(--chart-text)"
            strokeWidth={1.5}
            isAnimationActive={false}
          />
        </Scatter>
      </ScatterChart>
    </ResponsiveContainer>
  )
}

/** Filled where a difference is shown, hollow where it may be chance: also without colours. */
function drawRow(drawn: { cx?: number | undefined; cy?: number | undefined; payload?: unknown }) {
  const { shown } = drawn.payload as ForestRow
  const colour = shown === null ? 'var(--chart-text)' : COLOURS[shown]
  return (
    <circle
      cx={drawn.cx}
      cy={drawn.cy}
      r={5.5}
      fill={shown === null ? 'var(--mantine-color-body)' : colour}
      stroke={colour}
      strokeWidth={2}
    />
  )
}

/** A round number of points that holds every interval: 5, 10, 20, 30 … 100. */
function reachOf(rows: readonly ForestRow[]): number {
  const widest = Math.max(0, ...rows.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]))
  return widest <= 0.05 ? 0.05 : Math.min(1, Math.ceil(widest * 10) / 10)
}

function RowTooltip({ row }: { row: ForestRow | undefined }) {
  if (row === undefined) return null
  return (
    <ChartTooltip
      title={row.name}
      lines={[
        `Difference ${formatDifference(row.value)} points`,
        `95% CI ${formatDifferenceInterval(row)}`,
        `n = ${row.n}`,
      ]}
    />
  )
}
