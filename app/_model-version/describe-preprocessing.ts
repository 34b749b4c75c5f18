import type { ModelCard } from '#lib/vocabulary/model-card.ts'

const RESAMPLING = {
  nearest: 'with nearest-neighbour interpolation',
  bilinear: 'with bilinear interpolation, anti-aliased',
  bicubic: 'with bicubic interpolation, anti-aliased',
}

/** What happens to an image before the model sees it, step by step. */
export function describePreprocessing({
  input,
  preprocessing,
}: Pick<ModelCard, 'input' | 'preprocessing'>): string[] {
  const { mode, resample, scale, mean, std, exifOrientation, background } = preprocessing
  const colour = mode === 'L' ? 'Converted to greyscale' : 'Kept in colour (red, green, blue)'
  return [
    exifOrientation === 'apply'
      ? 'Rotated as its EXIF orientation says.'
      : 'Used as stored: EXIF orientation is ignored.',
    `Transparent areas become ${grey(background)}.`,
    input.channels === 3 && mode === 'L' ? `${colour}, repeated in all three channels.` : `${colour}.`,
    `Resized to ${input.width} × ${input.height} pixels ${RESAMPLING[resample]}; the aspect ratio is not kept.`,
    `Pixels normalised: (x / ${scale} − ${perChannel(mean)}) / ${perChannel(std)}.`,
  ]
}

/** One number where all channels have one; else a list. */
function perChannel(values: readonly number[]): string {
  return values.length === 1 ? String(values[0]) : `[${values.join(', ')}]`
}

function grey(level: number): string {
  if (level === 0) return 'black'
  return level === 255 ? 'white' : `grey level ${level}`
}
