import { z } from 'zod'
import { sha256Hex } from '#lib/vocabulary/sha256-hex.ts'

export const imageSchema = z.strictObject({
  id: z.int(),
  key: z.string(),
  findingClass: z.string(),
  patient: z.string().nullable(),
  /** Null, as width and height, where only predictions of the image were imported. */
  sha256: sha256Hex.nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
})
export type ImageView = z.infer<typeof imageSchema>

export const imageSortSchema = z.enum(['added', 'key', 'patient', 'pixels'])
export type ImageSort = z.infer<typeof imageSortSchema>

const neighbour = z.strictObject({ id: z.int(), imageKey: z.string() })

export const imageNeighboursSchema = z.strictObject({
  previous: neighbour.nullable(),
  next: neighbour.nullable(),
  /** From 1; null where the list does not hold the image. */
  position: z.int().nullable(),
  total: z.int(),
})
export type ImageNeighbours = z.infer<typeof imageNeighboursSchema>
