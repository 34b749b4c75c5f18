import { expect, it } from 'vitest'
import { modelCardSchema } from '#lib/vocabulary/model-card.ts'
import { describePreprocessing } from './describe-preprocessing.ts'

const card = (fields: object) =>
  modelCardSchema.parse({ name: 'lung', findingClasses: ['a', 'b'], ...fields })

it('says of a card without a word on it what the defaults do', () => {
  expect(describePreprocessing(card({}))).toEqual([
    'Used as stored: EXIF orientation is ignored.',
    'Transparent areas become black.',
    'Converted to greyscale.',
    'Resized to 64 × 64 pixels with bilinear interpolation, anti-aliased; the aspect ratio is not kept.',
    'Pixels normalised: (x / 255 − 0.5) / 0.5.',
  ])
})

it('says what a card states', () => {
  const steps = describePreprocessing(
    card({
      input: { width: 224, height: 192, channels: 3 },
      preprocessing: {
        ...{ resample: 'nearest', scale: 1, mean: [0.1, 0.2, 0.3], std: [1, 2, 3], background: 255 },
        exifOrientation: 'apply',
      },
    }),
  )
  expect(steps).toEqual([
    'Rotated as its EXIF orientation says.',
    'Transparent areas become white.',
    'Converted to greyscale, repeated in all three channels.',
    'Resized to 224 × 192 pixels with nearest-neighbour interpolation; the aspect ratio is not kept.',
    'Pixels normalised: (x / 1 − [0.1, 0.2, 0.3]) / [1, 2, 3].',
  ])
})
