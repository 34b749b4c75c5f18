import type { SliceDimension } from './schema.ts'

/** How an image is described where its run is cut into slices. */
export type SlicedImage = {
  imageKey: string
  modality: string
  patient: string | null
  width: number | null
  height: number | null
  /** Of the predicted class. */
  confidence: number
}

/** Pixels of the longer side, each band up to and with its end. */
const SIZE_ENDS = [256, 512, 1024, 2048] as const
/** Confidences, each band from its beginning on. */
const CONFIDENCE_STARTS = [0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95] as const

const percent = (ratio: number) => Math.round(ratio * 100)
const sizeNames = SIZE_ENDS.map((end, at) => `${at === 0 ? 1 : (SIZE_ENDS[at - 1] as number) + 1}–${end} px`)
const confidenceNames = CONFIDENCE_STARTS.map(
  (start, at) => `${percent(start)}–${percent(CONFIDENCE_STARTS[at + 1] ?? 1)}%`,
)
const BEYOND = `over ${SIZE_ENDS.at(-1)} px`

/** The bands of a dimension in their order; null where the slices are whatever the images say. */
export const BANDS: Readonly<Record<SliceDimension, readonly string[] | null>> = {
  modality: null,
  size: [...sizeNames, BEYOND],
  confidence: confidenceNames,
  patient: null,
}

/** The slice of an image; null where the image says nothing of it. */
export function sliceNameOf(by: SliceDimension, image: SlicedImage): string | null {
  switch (by) {
    case 'modality':
      return image.modality
    case 'patient':
      return image.patient
    case 'size':
      if (image.width === null || image.height === null) return null
      return sizeNames[SIZE_ENDS.findIndex((end) => longerSide(image) <= end)] ?? BEYOND
    case 'confidence':
      return confidenceNames[CONFIDENCE_STARTS.findLastIndex((start) => image.confidence >= start)] ?? null
  }
}

const longerSide = ({ width, height }: SlicedImage) => Math.max(width ?? 0, height ?? 0)
