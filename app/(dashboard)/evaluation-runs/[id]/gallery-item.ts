import { formatRatio } from '#app/_format/ratio.ts'
import type { GalleryItem } from '#app/_gallery/gallery-item.ts'
import type { RunPrediction } from '#lib/model/evaluation-result/schema.ts'

type Shown = Pick<
  RunPrediction,
  'imageId' | 'imageKey' | 'referenceClass' | 'predictedClass' | 'confidence' | 'code'
>

/** One image of a run as a tile: what it was taken for, and what it is where that is something else. */
export function galleryItem(prediction: Shown, href: string): GalleryItem {
  const { imageId, imageKey, referenceClass, predictedClass, confidence, code } = prediction
  const item = { id: String(imageId), name: imageKey, href }
  if (predictedClass === null)
    return { ...item, title: referenceClass, detail: code ?? 'no prediction', mark: 'error' }
  const isRight = predictedClass === referenceClass
  return {
    ...item,
    title: `${predictedClass} ${formatRatio(confidence, 0)}`,
    detail: isRight ? 'Correct' : `Reference: ${referenceClass}`,
    mark: isRight ? 'right' : 'wrong',
  }
}
