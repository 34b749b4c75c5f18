import { formatRatio } from '#app/_format/ratio.ts'
import type { GalleryItem } from '#app/_gallery/gallery-item.ts'
import type { ComparedImage } from '#lib/model/comparison/schema.ts'

/** One compared image as a tile: what the candidate says, and what the baseline said where that was something else. */
export function comparedItem(image: ComparedImage, href: string): GalleryItem {
  const { imageId, imageKey, referenceClass, outcome, baseline, candidate } = image
  const before = formatRatio(baseline.confidence, 0)
  const same = baseline.predictedClass === candidate.predictedClass
  return {
    id: String(imageId),
    name: `${imageKey}, ${OUTCOME_WORDS[outcome]}, reference class ${referenceClass}`,
    href,
    title: `${candidate.predictedClass} ${formatRatio(candidate.confidence, 0)}`,
    detail: same ? `Baseline: ${before}` : `Baseline: ${baseline.predictedClass} ${before}`,
    mark: outcome === 'fixed' || outcome === 'both-right' ? 'right' : 'wrong',
  }
}

const OUTCOME_WORDS: Readonly<Record<ComparedImage['outcome'], string>> = {
  fixed: 'fixed',
  broken: 'broken',
  'both-wrong': 'incorrect in both',
  'both-right': 'correct in both',
}
