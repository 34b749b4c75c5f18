/** How every axis, grid and label of a chart looks, in both schemes. */
export const AXIS_TICK = { fill: 'var(--chart-text)', fontSize: 12 }
export const AXIS_LINE = { stroke: 'var(--chart-grid)' }
export const GRID = { stroke: 'var(--chart-grid)', strokeDasharray: '3 3' }
/** Ticks of an axis from 0 to 1. */
export const UNIT_TICKS = [0, 0.25, 0.5, 0.75, 1]

export const asPercent = (ratio: number) => `${Math.round(ratio * 100)}%`

export function axisLabel(value: string, position: 'insideBottom' | 'insideLeft') {
  const style = { fill: 'var(--chart-text)', fontSize: 12 }
  return position === 'insideBottom'
    ? { value, position, offset: -12, ...style }
    : { value, position, angle: -90, offset: 8, style: { ...style, textAnchor: 'middle' as const } }
}
