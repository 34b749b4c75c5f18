import { type BinnedScores, topLabelScores } from './binned-scores.ts'
import { brierScores } from './brier-score.ts'
import type { LabelledPredictions } from './labelled-predictions.ts'
import { logLosses } from './log-loss.ts'
import { keepRanked, type RankedScores, rankScores } from './ranked-scores.ts'

/** The part of the predictions whose reference classes belong to one modality. */
export type ModalityScores = {
  modality: string
  /** Per class of the version: whether it belongs to the modality. */
  includes: boolean[]
  /** Per class: the modality's images ranked by that class's score; null for a class of another modality. */
  ranked: (RankedScores | null)[]
}

/** What does not change from resample to resample, computed once: rankings, bins and losses per image. */
export type PreparedPredictions = {
  predictions: LabelledPredictions
  topLabel: BinnedScores
  logLosses: Float64Array
  brierScores: Float64Array
  /** Per class: all images ranked by that class's score. */
  ranked: RankedScores[]
  modalities: ModalityScores[]
}

/** Sorting a million images takes a fraction of a second per class, hence the pauses between classes. */
export async function preparePredictions(
  predictions: LabelledPredictions,
  classModalities: readonly string[],
  modalityNames: readonly string[],
  pause: () => Promise<unknown>,
): Promise<PreparedPredictions> {
  const ranked: RankedScores[] = []
  for (let k = 0; k < predictions.classCount; k++) {
    ranked.push(rankScores(predictions, k))
    await pause()
  }
  const modalities: ModalityScores[] = []
  for (const modality of modalityNames) {
    modalities.push(await modalityScores(predictions, ranked, classModalities, modality, pause))
  }
  return {
    predictions,
    topLabel: topLabelScores(predictions),
    logLosses: logLosses(predictions),
    brierScores: brierScores(predictions),
    ranked,
    modalities,
  }
}

async function modalityScores(
  predictions: LabelledPredictions,
  ranked: readonly RankedScores[],
  classModalities: readonly string[],
  modality: string,
  pause: () => Promise<unknown>,
): Promise<ModalityScores> {
  const includes = classModalities.map((name) => name === modality)
  const keeps = new Uint8Array(predictions.referenceIndices.length)
  predictions.referenceIndices.forEach((reference, i) => {
    keeps[i] = includes[reference] ? 1 : 0
  })
  const own: (RankedScores | null)[] = []
  for (const [k, all] of ranked.entries()) {
    own.push(includes[k] ? keepRanked(all, keeps) : null)
    await pause()
  }
  return { modality, includes, ranked: own }
}
