'use client'

import {
  CartesianGrid,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  XAxis,
  YAxis,
} from 'recharts'
import { AXIS_LINE, AXIS_TICK, asPercent, axisLabel, GRID, UNIT_TICKS } from './axis-style.ts'

export type RocLine = {
  findingClass: string
  colour: string
  /** [false positive rate, true positive rate] */
  points: readonly (readonly [number, number])[]
}

export const ROC_HEIGHT = 340

/** One ROC curve per class; the dashed line is guessing. */
export default function RocChart({ lines }: { lines: readonly RocLine[] }) {
  const axis = {
    type: 'number' as const,
    domain: [0, 1],
    ticks: UNIT_TICKS,
    tickFormatter: asPercent,
    tick: AXIS_TICK,
    axisLine: AXIS_LINE,
    tickLine: false,
  }
  return (
    <ResponsiveContainer width="100%" height={ROC_HEIGHT}>
      <ScatterChart margin={{ top: 8, right: 16, bottom: 20, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid {...GRID} />
        <XAxis
          {...axis}
          dataKey="x"
          label={axisLabel('False-positive rate (1 − specificity)', 'insideBottom')}
        />
        <YAxis {...axis} dataKey="y" width={58} label={axisLabel('Sensitivity', 'insideLeft')} />
        <ReferenceLine
          segment={[
            { x: 0, y: 0 },
            { x: 1, y: 1 },
          ]}
          stroke="var(--chart-text)"
          strokeDasharray="4 4"
        />
        {lines.map(({ findingClass, colour, points }) => (
          <Scatter
            key={findingClass}
            name={findingClass}
            data={points.map(([x, y]) => ({ x, y }))}
            line={{ stroke: colour, strokeWidth: 2 }}
            shape={NO_POINT}
            isAnimationActive={false}
          />
        ))}
      </ScatterChart>
    </ResponsiveContainer>
  )
}

/** The line is the curve: two hundred points on it would hide it. */
const NO_POINT = () => <g />
