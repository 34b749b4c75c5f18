import { createHash } from 'node:crypto'
import type { ModelCard } from './model-card.ts'

/** Raised whenever the same card would give other pixels than before: older predictions are then not reused. */
const PREPROCESSING_VERSION = 1

/**
 * SHA-256 (hex) of what turns image bytes into probabilities beside the weights: input, output and
 * preprocessing of the card. Two cards that differ only in names share it.
 */
export function preprocessingSha256(card: ModelCard): string {
  const { input, output, preprocessing: p } = card
  const canonical = JSON.stringify([
    PREPROCESSING_VERSION,
    [input.name, input.width, input.height, input.channels],
    [output.logits ?? null, output.probabilities ?? null],
    [p.mode, p.resample, p.scale, p.mean, p.std, p.exifOrientation, p.background],
  ])
  return createHash('sha256').update(canonical).digest('hex')
}
