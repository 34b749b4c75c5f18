import type { ModelCard } from '#lib/vocabulary/model-card.ts'

const RESAMPLING = {
  nearest: 'by the nearest pixel',
  bilinear: 'bilinearly, smoothed when it shrinks',
  bicubic: 'bicubically, smoothed when it shrinks',
}

/** What happens to an image before the model sees it, step by step. */
export function describePreprocessing({
  input,
  preprocessing,
}: Pick<ModelCard, 'input' | 'preprocessing'>): string[] {
  const { mode, resample, scale, mean, std, exifOrientation, background } = preprocessing
  const colour = mode === 'L' ? 'Turned into shades of grey' : 'Kept in colour (red, green, blue)'
  return [
    exifOrientation === 'apply'
      ? 'Turned upright as the camera’s note (EXIF) says.'
      : 'Taken as it is stored: a camera’s note on its orientation (EXIF) is ignored.',
    `Transparent parts become ${grey(background)}.`,
    input.channels === 3 && mode === 'L' ? `${colour}, the same in all three channels.` : `${colour}.`,
    `Resized to ${input.width} × ${input.height} pixels ${RESAMPLING[resample]}, whatever its shape.`,
    `Levels are divided by ${scale}, less ${mean.join(', ')}, divided by ${std.join(', ')}.`,
  ]
}

function grey(level: number): string {
  if (level === 0) return 'black'
  return level === 255 ? 'white' : `grey level ${level}`
}
