import { usePlotArea, XAxis } from 'recharts'
import { AXIS_LINE, AXIS_TICK, asPercent, axisLabel, UNIT_TICKS } from './axis-style.ts'

const TICKS_BELOW = 16

/**
 * The axis below bars over confidence. The bins are of equal width and cover 0 to 1, so each bar has its place by its
 * number; a label of the bar itself would stand at its middle, half a bin off.
 */
export function ConfidenceAxis() {
  return (
    <>
      <XAxis
        dataKey="low"
        tick={false}
        axisLine={AXIS_LINE}
        label={axisLabel('Confidence', 'insideBottom')}
      />
      <Ticks />
    </>
  )
}

function Ticks() {
  const area = usePlotArea()
  if (area === undefined) return null
  return (
    <g className="confidence-ticks">
      {UNIT_TICKS.map((ratio) => (
        <text
          key={ratio}
          x={area.x + ratio * area.width}
          y={area.y + area.height + TICKS_BELOW}
          textAnchor="middle"
          {...AXIS_TICK}
        >
          {asPercent(ratio)}
        </text>
      ))}
    </g>
  )
}
