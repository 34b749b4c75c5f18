'use client'

import { useMediaQuery } from '@mantine/hooks'
import {
  Bar,
  BarChart,
  CartesianGrid,
  Cell,
  LabelList,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { ChartTooltip } from '#app/_charts/chart-tooltip.tsx'
import { shortenMiddle } from '#app/_charts/shorten-middle.ts'
import { formatCount } from '#app/_format/ratio.ts'

export type ClassBarRow = { findingClass: string; value: number; colour: string; lines: string[] }

/** Longer names are cut on the axis, of a phone sooner; tooltip and table have them whole. */
const AXIS_CHARACTERS = { narrow: 18, wide: 40 }
const CHARACTER_PX = 7
const LEAST_AXIS_PX = 132

/** One bar per finding class, from the largest down. */
export default function ClassBars({ bars, height }: { bars: readonly ClassBarRow[]; height: number }) {
  const wide = useMediaQuery('(min-width: 75em)') ?? false
  const most = AXIS_CHARACTERS[wide ? 'wide' : 'narrow']
  const longest = Math.max(0, ...bars.map(({ findingClass }) => findingClass.length))
  return (
    <ResponsiveContainer width="100%" height={height}>
      <BarChart
        data={[...bars]}
        layout="vertical"
        margin={{ top: 0, right: 56, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid stroke="var(--chart-grid)" horizontal={false} />
        <XAxis
          type="number"
          tick={TICK}
          stroke="var(--chart-grid)"
          allowDecimals={false}
          tickFormatter={formatCount}
        />
        <YAxis
          type="category"
          dataKey="findingClass"
          tick={TICK}
          stroke="var(--chart-grid)"
          width={Math.max(LEAST_AXIS_PX, Math.min(longest, most) * CHARACTER_PX)}
          interval={0}
          tickFormatter={(name: string) => shortenMiddle(name, most)}
        />
        <Tooltip
          cursor={{ fill: 'var(--chart-grid)', opacity: 0.3 }}
          content={({ active, payload }) => {
            const bar = payload?.[0]?.payload as ClassBarRow | undefined
            return active && bar !== undefined ? (
              <ChartTooltip title={bar.findingClass} lines={bar.lines} />
            ) : null
          }}
        />
        <Bar dataKey="value" isAnimationActive={false} radius={[0, 3, 3, 0]} maxBarSize={20}>
          {bars.map(({ findingClass, colour }) => (
            <Cell key={findingClass} fill={colour} />
          ))}
          <LabelList
            dataKey="value"
            position="right"
            formatter={labelOf}
            fill="var(--chart-text)"
            fontSize={12}
          />
        </Bar>
      </BarChart>
    </ResponsiveContainer>
  )
}

const TICK = { fill: 'var(--chart-text)', fontSize: 12 }

const labelOf = (value: unknown) => formatCount(Number(value))
