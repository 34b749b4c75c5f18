import { ImageRefused } from './image-refused.ts'

/** Twice the largest digital radiograph in use; a file of kilobytes can ask for gigabytes. The trainer has the same. */
export const MAX_PIXELS = 50_000_000

/** No radiograph or OCT scan is a hundred times longer than wide; a strip squeezed to a square shows nothing. */
const MAX_ASPECT_RATIO = 100

export function checkDimensions(width: number, height: number): void {
  if (width === 0 || height === 0)
    throw new ImageRefused('CORRUPT_IMAGE', `the header says ${width} × ${height} pixels`)
  if (width * height > MAX_PIXELS)
    throw new ImageRefused('TOO_MANY_PIXELS', `${width} × ${height} pixels; at most ${MAX_PIXELS}`)
  if (Math.max(width, height) > MAX_ASPECT_RATIO * Math.min(width, height))
    throw new ImageRefused('BAD_ASPECT', `${width} × ${height} pixels is a strip, not an image`)
}
