/** What somebody can do about a refused model, in words. */
export type Refusal = { title: string; remedy: string }

const EXPORT_AGAIN = 'Export the model to ONNX again, for inference, and choose the new file.'

const REFUSALS: Readonly<Record<string, Refusal>> = {
  INVALID_CARD: {
    title: 'The card is not accepted',
    remedy: 'Correct model.json where it says below and choose it again.',
  },
  BAD_JSON: { title: 'The card is no valid JSON', remedy: 'Correct model.json and choose it again.' },
  MODEL_PARSE: {
    title: 'The model file is no ONNX',
    remedy: 'Choose a file in the ONNX format: of PyTorch with torch.onnx.export, of Keras with tf2onnx.',
  },
  MODEL_OPSET: {
    title: 'The model is written in a version of ONNX that is not known here',
    remedy: 'Export it with an older operator set, such as 18.',
  },
  MODEL_UNSUPPORTED_OP: {
    title: 'The model uses an operator that is not allowed',
    remedy:
      'Export it without the operators that are named below; loops and custom operators are not run here.',
  },
  MODEL_SIGNATURE: {
    title: 'Input or output of the model are not as the card says',
    remedy:
      'The input is batch × channels × height × width with a free batch. Correct the card or export the model again.',
  },
  MODEL_INPUT_TYPE: {
    title: 'The model takes another number type',
    remedy: 'Export it with an input of float32.',
  },
  CLASS_COUNT_MISMATCH: {
    title: 'The card names another number of finding classes than the model has',
    remedy: 'Name one finding class for each output, in the order of the outputs.',
  },
  MODEL_NOT_FINITE: {
    title: 'The model gives no finite number, whatever the image',
    remedy: `Check its weights for NaN. ${EXPORT_AGAIN}`,
  },
  MODEL_OUTPUT_KIND: {
    title: 'The outputs are no probabilities',
    remedy: 'Name the output “logits” in the card, or export the model with its softmax.',
  },
  MODEL_EXTERNAL_DATA: {
    title: 'The weights lie outside the model file',
    remedy: 'Export the model into a single file (save_as_external_data=False).',
  },
  MODEL_TIMEOUT: {
    title: 'The model takes too long for one image',
    remedy: 'Check it for loops, or ask an administrator to raise the limit of the evaluator.',
  },
  MODEL_OOM: {
    title: 'The model needs more memory than it may have',
    remedy: 'Make it smaller, or ask an administrator to raise the limit of the evaluator.',
  },
  MODEL_CRASH: { title: 'The model brought its process down', remedy: EXPORT_AGAIN },
  MODEL_TOO_LARGE: {
    title: 'The model file is too large',
    remedy: 'Make it smaller, or ask an administrator to raise the limit of the evaluator.',
  },
  MODEL_NOT_DETERMINISTIC: {
    title: 'The model gives other numbers each time',
    remedy: 'Export it for inference (model.eval()), without dropout and without random numbers.',
  },
  HASH_MISMATCH: {
    title: 'Other bytes are stored under this model’s hash',
    remedy: 'Tell an administrator: the object store has been changed by hand.',
  },
  MODEL_NOT_FOUND: {
    title: 'The evaluator does not find the uploaded model',
    remedy: 'Tell an administrator: service and evaluator must use the same object store.',
  },
  EVALUATOR_AWAY: {
    title: 'No evaluator is there to examine the model',
    remedy: 'Your files are still chosen: try again when the evaluator is back.',
  },
  EVALUATOR_MISMATCH: {
    title: 'Service and evaluator are of different releases',
    remedy: 'Tell an administrator to install the same release on both.',
  },
  TOO_LARGE: {
    title: 'The file is too large',
    remedy: 'Make it smaller, or ask an administrator to raise the limit.',
  },
  DISK_FULL: {
    title: 'The disk of the service is full',
    remedy: 'Your files are still chosen: try again when an administrator has made room.',
  },
  INSUFFICIENT_STORAGE: {
    title: 'The object store is full',
    remedy: 'Your files are still chosen: try again when an administrator has made room.',
  },
  NOT_REACHED: {
    title: 'The connection was lost',
    remedy: 'Your files are still chosen: try again. If a file was changed meanwhile, choose it anew.',
  },
}

/** By the refusal's code; one that is not known here is told in the service's own words alone. */
export function explainRefusal(code: string): Refusal {
  const known = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined
  return known ?? { title: 'The version was not taken in', remedy: 'Your files are still chosen: try again.' }
}
