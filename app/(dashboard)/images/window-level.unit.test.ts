import { describe, expect, it } from 'vitest'
import { draggedBy, FULL_WINDOW, transferOf, type WindowLevel } from './window-level.ts'

/** The standard's own wording, level by level. */
function asDicomSays(x: number, { width, level }: WindowLevel): number {
  if (x <= level - 0.5 - (width - 1) / 2) return 0
  if (x > level - 0.5 + (width - 1) / 2) return 255
  return ((x - (level - 0.5)) / (width - 1) + 0.5) * 255
}

function shown(x: number, window: WindowLevel, inverted = false): number {
  const { slope, intercept } = transferOf(window, inverted)
  return Math.min(1, Math.max(0, (slope * x) / 255 + intercept)) * 255
}

const LEVELS = Array.from({ length: 256 }, (_, level) => level)

describe('a window', () => {
  it('leaves every level as it is where it is full', () => {
    for (const x of LEVELS) expect(shown(x, FULL_WINDOW)).toBeCloseTo(x, 9)
  })

  it.each([
    { width: 2, level: 128 },
    { width: 100, level: 40 },
    { width: 301, level: 200 },
    { width: 512, level: 0 },
  ])('shows levels as the standard says at width $width and level $level', (window) => {
    for (const x of LEVELS) expect(shown(x, window)).toBeCloseTo(asDicomSays(x, window), 9)
  })

  it('turns black into white where it is inverted', () => {
    for (const x of LEVELS)
      expect(shown(x, { width: 120, level: 90 }, true)).toBeCloseTo(
        255 - shown(x, { width: 120, level: 90 }),
        9,
      )
  })
})

describe('a drag', () => {
  it('to the right widens the window', () => {
    expect(draggedBy(FULL_WINDOW, { x: 40, y: 0 })).toEqual({ width: 286, level: 128 })
  })

  it('upwards brightens: levels are shown lighter than before', () => {
    const after = draggedBy(FULL_WINDOW, { x: 0, y: -40 })
    expect(shown(100, after)).toBeGreaterThan(shown(100, FULL_WINDOW))
  })

  it('ends at the ends of the ranges', () => {
    expect(draggedBy(FULL_WINDOW, { x: -5000, y: 5000 })).toEqual({ width: 2, level: 255 })
    expect(draggedBy(FULL_WINDOW, { x: 5000, y: -5000 })).toEqual({ width: 512, level: 0 })
  })
})
