'use client'

import {
  Bar,
  BarChart,
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
import { formatCount, formatRatio, formatRatioInterval } from '#app/_format/ratio.ts'
import { AXIS_LINE, AXIS_TICK, asPercent, axisLabel, GRID, UNIT_TICKS } from './axis-style.ts'
import { ChartTooltip } from './chart-tooltip.tsx'
import { ConfidenceAxis } from './confidence-axis.tsx'

export type ReliabilityPoint = {
  low: number
  high: number
  n: number
  meanConfidence: number | null
  accuracy: number | null
  interval: { low: number; high: number } | null
}

type Drawn = ReliabilityPoint & { name: string; x: number; y: number; whisker: [number, number] }

const DIAGRAM_HEIGHT = 260
const COUNTS_HEIGHT = 96
const AXIS_WIDTH = 58

export const RELIABILITY_HEIGHT = DIAGRAM_HEIGHT + COUNTS_HEIGHT

export type ReliabilitySeries = {
  name: string
  bins: readonly ReliabilityPoint[]
  colour: string
  shape: 'circle' | 'diamond'
}

/** How often each model was right at each confidence, with the images of each bin counted below; one or two models. */
export default function ReliabilityChart({ series }: { series: readonly ReliabilitySeries[] }) {
  return (
    <>
      <Diagram series={series} />
      <Counts series={series} />
    </>
  )
}

function Diagram({ series }: { series: readonly ReliabilitySeries[] }) {
  return (
    <ResponsiveContainer width="100%" height={DIAGRAM_HEIGHT}>
      <ScatterChart margin={{ top: 8, right: 16, bottom: 0, left: 0 }} accessibilityLayer={false}>
        <CartesianGrid {...GRID} />
        <XAxis type="number" dataKey="x" domain={[0, 1]} ticks={UNIT_TICKS} tick={false} height={8} />
        <YAxis
          type="number"
          dataKey="y"
          domain={[0, 1]}
          ticks={UNIT_TICKS}
          tickFormatter={asPercent}
          tick={AXIS_TICK}
          axisLine={AXIS_LINE}
          tickLine={false}
          width={AXIS_WIDTH}
          label={axisLabel('Observed accuracy', 'insideLeft')}
        />
        <ReferenceLine
          segment={[
            { x: 0, y: 0 },
            { x: 1, y: 1 },
          ]}
          stroke="var(--chart-text)"
          strokeDasharray="4 4"
        />
        <Tooltip
          isAnimationActive={false}
          content={({ payload }) => <BinTooltip bin={payload?.[0]?.payload as Drawn | undefined} />}
        />
        {series.map(({ name, bins, colour, shape }) => (
          <Scatter
            key={name}
            name={name}
            data={bins.flatMap((bin) => drawn(bin, name))}
            fill={colour}
            shape={shape}
            line={{ stroke: colour, strokeWidth: 2 }}
            isAnimationActive={false}
          >
            <ErrorBar
              dataKey="whisker"
              direction="y"
              width={4}
              stroke={colour}
              strokeWidth={1.5}
              isAnimationActive={false}
            />
          </Scatter>
        ))}
      </ScatterChart>
    </ResponsiveContainer>
  )
}

function Counts({ series }: { series: readonly ReliabilitySeries[] }) {
  const data = (series[0]?.bins ?? []).map((bin, at) => ({
    low: bin.low,
    high: bin.high,
    counts: series.map(({ bins }) => bins[at]?.n ?? 0),
  }))
  return (
    <ResponsiveContainer width="100%" height={COUNTS_HEIGHT}>
      <BarChart
        data={data}
        margin={{ top: 4, right: 16, bottom: 16, left: 0 }}
        barCategoryGap={1}
        accessibilityLayer={false}
      >
        <ConfidenceAxis />
        <YAxis
          width={AXIS_WIDTH}
          tick={AXIS_TICK}
          axisLine={AXIS_LINE}
          tickLine={false}
          tickCount={2}
          allowDecimals={false}
          tickFormatter={formatCount}
          label={axisLabel('Images', 'insideLeft')}
        />
        <Tooltip
          cursor={{ fill: 'var(--chart-grid)', fillOpacity: 0.35 }}
          isAnimationActive={false}
          content={({ payload }) => {
            const bin = payload?.[0]?.payload as (typeof data)[number] | undefined
            return bin === undefined ? null : (
              <ChartTooltip
                title={binTitle(bin)}
                lines={series.map(({ name }, at) => `${name}: n = ${formatCount(bin.counts[at])}`)}
              />
            )
          }}
        />
        {series.map(({ name, colour }, at) => (
          <Bar
            key={name}
            dataKey={(bin: (typeof data)[number]) => bin.counts[at]}
            fill={colour}
            fillOpacity={0.7}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  )
}

function BinTooltip({ bin }: { bin: Drawn | undefined }) {
  if (bin === undefined) return null
  return (
    <ChartTooltip
      title={`${bin.name}, ${binTitle(bin)}`}
      lines={[
        `Accuracy ${formatRatio(bin.accuracy)}${bin.interval === null ? '' : `, 95% CI ${formatRatioInterval(bin.interval)}`}`,
        `Mean confidence ${formatRatio(bin.meanConfidence)}`,
        `n = ${formatCount(bin.n)}`,
      ]}
    />
  )
}

const binTitle = ({ low, high }: { low: number; high: number }) =>
  `confidence ${asPercent(low)} to ${asPercent(high)}`

/** An empty bin has no point. */
function drawn(bin: ReliabilityPoint, name: string): Drawn[] {
  if (bin.meanConfidence === null || bin.accuracy === null) return []
  const { low, high } = bin.interval ?? { low: bin.accuracy, high: bin.accuracy }
  const whisker: [number, number] = [bin.accuracy - low, high - bin.accuracy]
  return [{ ...bin, name, x: bin.meanConfidence, y: bin.accuracy, whisker }]
}
