import { meanOfDefined } from './mean-of-defined.ts'

/**
 * The unweighted mean of the one-versus-rest AUROCs of the classes that have images. Range 0–1; null when fewer
 * than two classes have images. Not Hand & Till's one-versus-one mean, which is a different number.
 *
 * Source: Provost & Domingos 2000; scikit-learn's roc_auc_score(multi_class="ovr", average="macro").
 * Example: 0.9, 0.8 and a class without images → 0.85
 */
export function macroAuroc(aurocs: readonly (number | null)[]): number | null {
  return meanOfDefined(aurocs)
}

/**
 * The mean of the same AUROCs weighted by the number of images per class: follows the common classes. Published
 * beside the macro mean because other tools show it under the same name. Range 0–1; null as above.
 *
 * Example: 0.9 of 30 images, 0.8 of 10 → 0.875
 */
export function weightedAuroc(
  aurocs: readonly (number | null)[],
  imagesPerClass: ArrayLike<number>,
): number | null {
  let sum = 0
  let images = 0
  aurocs.forEach((value, k) => {
    if (value === null) return
    sum += value * (imagesPerClass[k] as number)
    images += imagesPerClass[k] as number
  })
  return images === 0 ? null : sum / images
}
