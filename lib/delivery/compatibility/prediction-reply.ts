import type { SinglePrediction } from '#lib/model/prediction/predict-image.ts'

/**
 * The seed system's reply as JSON text. Its probabilities are written one by one, since clients rely on their order: in
 * an object of JavaScript, classes that are numbers (`10`, `2`) would come first and in another order.
 */
export function predictionReply(prediction: SinglePrediction): string {
  const { predictedIndex, predictedClass, modelVersion } = prediction
  const probabilities = prediction.probabilities.map(
    ([findingClass, probability]) => `${JSON.stringify(findingClass)}:${JSON.stringify(probability)}`,
  )
  const members = [
    `"pred_idx":${predictedIndex}`,
    `"pred_class":${JSON.stringify(predictedClass)}`,
    `"probabilities":{${probabilities.join()}}`,
    `"model_version":${JSON.stringify(`${modelVersion.name} v${modelVersion.number}`)}`,
  ]
  return `{${members.join()}}`
}
