/** What the user can do about a rejected model. */
export type Refusal = { title: string; remedy: string }

const EXPORT_AGAIN = 'Export the model to ONNX again, for inference, and choose the new file.'

const REFUSALS: Readonly<Record<string, Refusal>> = {
  INVALID_CARD: {
    title: 'The model card is invalid',
    remedy: 'Correct model.json as shown below and choose it again.',
  },
  BAD_JSON: { title: 'The model card is not valid JSON', remedy: 'Correct model.json and choose it again.' },
  MODEL_PARSE: {
    title: 'This is not an ONNX file',
    remedy: 'Choose an ONNX file: export from PyTorch with torch.onnx.export, from Keras with tf2onnx.',
  },
  MODEL_OPSET: {
    title: 'This ONNX version is not supported',
    remedy: 'Export the model with an older opset, such as 18.',
  },
  MODEL_UNSUPPORTED_OP: {
    title: 'The model uses an unsupported operator',
    remedy: 'Export it without the operators named below. Loops and custom operators are not supported.',
  },
  MODEL_SIGNATURE: {
    title: 'The model’s input or output does not match the card',
    remedy:
      'Use the input and output names of the file. The input must be batch × channels × height × width with a dynamic batch size. Correct the card or export the model again.',
  },
  MODEL_INPUT_TYPE: {
    title: 'The model has another input type',
    remedy: 'Export it with float32 input.',
  },
  CLASS_COUNT_MISMATCH: {
    title: 'The card and the model differ in the number of finding classes',
    remedy:
      'List one finding class per output, in output order. Export a model that has one output for two classes with two: 1 − p and p.',
  },
  MODEL_OUTPUT_TYPE: {
    title: 'The model has another output type',
    remedy: 'Export it with float32 output: a Cast to float32 as its last step is enough.',
  },
  MODEL_OUTPUT_SHAPE: {
    title: 'The model has another output shape',
    remedy:
      'The output must be batch × classes. Export the model with a Flatten as its last step, or name another output in the card.',
  },
  MODEL_NOT_FINITE: {
    title: 'The model’s output is never finite',
    remedy: `Check its weights for NaN. ${EXPORT_AGAIN}`,
  },
  MODEL_OUTPUT_KIND: {
    title: 'The outputs are not probabilities',
    remedy:
      'The outputs for an image must lie between 0 and 1 and add up to 1. Export the model with softmax as its last step.',
  },
  MODEL_EXTERNAL_DATA: {
    title: 'The weights are outside the model file',
    remedy: 'Export the model to a single file (save_as_external_data=False).',
  },
  MODEL_TIMEOUT: {
    title: 'The model is too slow',
    remedy: 'Check it for loops, or ask an administrator to raise the limit of the evaluator.',
  },
  MODEL_OOM: {
    title: 'The model exceeds the memory limit',
    remedy: 'Make it smaller, or ask an administrator to raise the limit of the evaluator.',
  },
  MODEL_CRASH: { title: 'The model crashed its process', remedy: EXPORT_AGAIN },
  MODEL_TOO_LARGE: {
    title: 'The model file is too large',
    remedy: 'Make it smaller, or ask an administrator to raise the limit of the evaluator.',
  },
  MODEL_NOT_DETERMINISTIC: {
    title: 'The model’s output is not deterministic',
    remedy: 'Export it for inference (model.eval()), without dropout or random numbers.',
  },
  HASH_MISMATCH: {
    title: 'The stored file does not match its hash',
    remedy: 'Tell an administrator: the object store was modified outside the service.',
  },
  MODEL_NOT_FOUND: {
    title: 'The evaluator cannot find the uploaded model',
    remedy: 'Tell an administrator: service and evaluator must use the same object store.',
  },
  EVALUATOR_AWAY: {
    title: 'No evaluator is available to validate the model',
    remedy: 'Your files are still selected. Try again when the evaluator is back.',
  },
  ADMISSIONS_BUSY: {
    title: 'Other models are being validated',
    remedy: 'Your files are still selected. Try again in a few minutes.',
  },
  EVALUATOR_MISMATCH: {
    title: 'The service and the evaluator have different releases',
    remedy: 'Tell an administrator to install the same release on both.',
  },
  TOO_LARGE: {
    title: 'The file is too large',
    remedy: 'Make it smaller, or ask an administrator to raise the limit.',
  },
  DISK_FULL: {
    title: 'The service’s disk is full',
    remedy: 'Your files are still selected. Try again when an administrator has freed space.',
  },
  INSUFFICIENT_STORAGE: {
    title: 'The object store is full',
    remedy: 'Your files are still selected. Try again when an administrator has freed space.',
  },
  NOT_REACHED: {
    title: 'The connection was lost',
    remedy: 'Your files are still selected. Try again. If a file has changed, choose it again.',
  },
}

/** By the refusal's code; one that is not known here is told in the service's own words alone. */
export function explainRefusal(code: string): Refusal {
  const known = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined
  return known ?? { title: 'The version was not added', remedy: 'Your files are still selected. Try again.' }
}
