/** Which grey levels of 0–255 are spread over the whole screen, as DICOM names it: how many, around which one. */
export type WindowLevel = { width: number; level: number }

export const FULL_WINDOW: WindowLevel = { width: 256, level: 128 }
export const WINDOW_RANGE = { min: 2, max: 512 }
export const LEVEL_RANGE = { min: 0, max: 255 }

/** `y = slope · x + intercept` on levels of 0–1, cut off at 0 and 1. */
export type Transfer = { slope: number; intercept: number }

/** DICOM's linear function (PS3.3 C.11.2.1.2.1), which leaves every level as it is at width 256 and level 128. */
export function transferOf({ width, level }: WindowLevel, inverted: boolean): Transfer {
  const slope = 255 / (width - 1)
  const intercept = 0.5 - (level - 0.5) / (width - 1)
  return inverted ? { slope: 0 - slope, intercept: 1 - intercept } : { slope, intercept }
}

/** Grey levels for each pixel of the screen that a drag goes. */
const LEVELS_PER_PIXEL = 0.75

/** A drag to the right widens the window (less contrast), a drag upwards lowers its level (brighter). */
export function draggedBy(from: WindowLevel, pixels: { x: number; y: number }): WindowLevel {
  return withinRange({
    width: from.width + pixels.x * LEVELS_PER_PIXEL,
    level: from.level + pixels.y * LEVELS_PER_PIXEL,
  })
}

export function withinRange({ width, level }: WindowLevel): WindowLevel {
  return { width: cut(width, WINDOW_RANGE), level: cut(level, LEVEL_RANGE) }
}

function cut(value: number, { min, max }: { min: number; max: number }): number {
  return Math.round(Math.min(max, Math.max(min, value)))
}
