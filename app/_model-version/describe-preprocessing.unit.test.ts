import { expect, it } from 'vitest'
import { modelCardSchema } from '#lib/vocabulary/model-card.ts'
import { describePreprocessing } from './describe-preprocessing.ts'

const card = (fields: object) =>
  modelCardSchema.parse({ name: 'lung', findingClasses: ['a', 'b'], ...fields })

it('says of a card without a word on it what the defaults do', () => {
  expect(describePreprocessing(card({}))).toEqual([
    'Taken as it is stored: a camera’s note on its orientation (EXIF) is ignored.',
    'Transparent parts become black.',
    'Turned into shades of grey.',
    'Resized to 64 × 64 pixels bilinearly, smoothed when it shrinks, whatever its shape.',
    'Levels are divided by 255, less 0.5, divided by 0.5.',
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
    'Turned upright as the camera’s note (EXIF) says.',
    'Transparent parts become white.',
    'Turned into shades of grey, the same in all three channels.',
    'Resized to 224 × 192 pixels by the nearest pixel, whatever its shape.',
    'Levels are divided by 1, less 0.1, 0.2, 0.3, divided by 1, 2, 3.',
  ])
})
