import { describe, expect, it } from 'vitest'
import { modelCardSchema } from '#lib/vocabulary/model-card.ts'
import { toTensor } from './preprocess-image.ts'

const card = (changes: Record<string, unknown>) =>
  modelCardSchema.parse({ name: 'm', findingClasses: ['a', 'b'], ...changes })

describe('toTensor', () => {
  it('rounds every step to float32 as NumPy does', () => {
    // (np.asarray([0, 1, 128, 255], np.float32) / np.float32(255) - np.float32(0.485)) / np.float32(0.229)
    const preprocessing = { mean: [0.485], std: [0.229] }
    const raster = { width: 2, height: 2, bands: 1 as const, data: Uint8Array.of(0, 1, 128, 255) }
    const tensor = toTensor(raster, card({ input: { width: 2, height: 2 }, preprocessing }))
    expect(Array.from(tensor)).toEqual([
      -2.1179039478302, -2.1007792949676514, 0.07406462728977203, 2.248908281326294,
    ])
  })
  it('separates the bands of a colour image, each with its own mean', () => {
    const preprocessing = { mode: 'RGB', scale: 1, mean: [0, 10, 20], std: [1] }
    const raster = { width: 2, height: 1, bands: 3 as const, data: Uint8Array.of(1, 12, 23, 4, 15, 26) }
    const tensor = toTensor(raster, card({ input: { width: 2, height: 1, channels: 3 }, preprocessing }))
    expect(Array.from(tensor)).toEqual([1, 4, 2, 5, 3, 6])
  })
  it('repeats a grey band for a model of three channels', () => {
    const raster = { width: 2, height: 1, bands: 1 as const, data: Uint8Array.of(7, 9) }
    const preprocessing = { scale: 1, mean: [0], std: [1] }
    const tensor = toTensor(raster, card({ input: { width: 2, height: 1, channels: 3 }, preprocessing }))
    expect(Array.from(tensor)).toEqual([7, 9, 7, 9, 7, 9])
  })
})
