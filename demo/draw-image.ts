import sharp from 'sharp'
import { SIDE } from './canvas.ts'
import { drawChest } from './chest.ts'
import { drawOct } from './oct.ts'
import type { DemoImage, DemoPatient } from './patients.ts'
import type { Textures } from './texture.ts'

/** About 9 kB an image, as much as the real ones of this size. */
const JPEG_QUALITY = 80

/** Grey levels by rows. */
export function drawLevels(patient: DemoPatient, image: DemoImage, textures: Textures): Uint8Array {
  const scene = { severity: image.severity, patientSeed: patient.seed, imageSeed: image.seed }
  const canvas =
    patient.modality === 'oct'
      ? drawOct({ ...scene, appearance: patient.appearance }, textures)
      : drawChest({ ...scene, appearance: patient.appearance }, textures)
  const levels = new Uint8Array(canvas.length)
  for (let index = 0; index < levels.length; index += 1)
    levels[index] = Math.round((canvas[index] ?? 0) * 255)
  return levels
}

/** A greyscale JPEG. */
export function encodeLevels(levels: Uint8Array): Promise<Buffer> {
  return sharp(levels, { raw: { width: SIDE, height: SIDE, channels: 1 } })
    .toColourspace('b-w')
    .jpeg({ quality: JPEG_QUALITY })
    .toBuffer()
}
