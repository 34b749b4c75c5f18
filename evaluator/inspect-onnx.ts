import { type ByteWindow, windowOf, withFileWindow } from './byte-window.ts'
import { type SeenMessage, walkOnnx } from './walk-onnx.ts'

/** What an ONNX file contains, read without the runtime: nothing of it has been executed or resolved. */
export type OnnxContents = {
  irVersion: number
  /** Operator set versions by domain; the standard domain is `''`. */
  opsets: Map<string, number>
  /** Every operator used at any depth, as `Conv` or `com.microsoft:Attention`. */
  operators: Set<string>
  /** Functions that the model defines itself, in the same form. */
  functions: Set<string>
  /** Whether any tensor's values lie in another file. */
  externalData: boolean
  /** Numbers in the initializers of whatever type weights have: floating point, and 8 bit where they are quantised. */
  parameters: number
}

/** float, uint8, int8, float16, double, bfloat16. */
const WEIGHT_TYPES = [1, 2, 3, 10, 11, 16]
/** The runtime's own format of files, which it knows by these letters and which our reader does not. */
const RUNTIME_FORMAT = { letters: 'ORTM', at: 4 }

/** Throws RangeError where the bytes are no ONNX model, or one that the runtime could read otherwise. */
export function inspectOnnx(model: Uint8Array): OnnxContents {
  return inspectWindow(windowOf(model))
}

/** The same of a file, of which never more than a small piece is in memory. */
export function inspectOnnxFile(file: string): OnnxContents {
  return withFileWindow(file, inspectWindow)
}

function inspectWindow(window: ByteWindow): OnnxContents {
  refuseRuntimeFormat(window)
  const contents: OnnxContents = {
    irVersion: 0,
    opsets: new Map(),
    operators: new Set(),
    functions: new Set(),
    externalData: false,
    parameters: 0,
  }
  let graphs = 0
  walkOnnx(window, (message) => {
    if (message.within === 'Model' && message.as === 'graph') graphs++
    collect(message, contents)
  })
  if (graphs === 0 || contents.irVersion === 0) throw new RangeError('the message has no graph')
  return contents
}

function refuseRuntimeFormat(window: ByteWindow): void {
  const { letters, at } = RUNTIME_FORMAT
  const end = at + letters.length
  if (window.length >= end && window.copy(at, end).toString('latin1') === letters)
    throw new RangeError('it is in the format of ONNX Runtime')
}

function collect(message: SeenMessage, contents: OnnxContents): void {
  const { type, within, as, names, integers, elements, fields } = message
  const domain = names.get('domain') ?? ''
  switch (type) {
    case 'Model':
      contents.irVersion = integers.get('ir_version') ?? 0
      break
    case 'Opset':
      // A function has its own.
      if (within === 'Model') contents.opsets.set(standard(domain), integers.get('version') ?? 0)
      break
    case 'Function':
      contents.functions.add(qualified(domain, names.get('name') ?? ''))
      break
    case 'Node':
      contents.operators.add(qualified(domain, names.get('op_type') ?? ''))
      break
    case 'Tensor':
      if (fields.has('external_data') || (integers.get('data_location') ?? 0) !== 0)
        contents.externalData = true
      if (as === 'initializer') contents.parameters += countWeights(elements, integers.get('data_type') ?? 0)
  }
}

function countWeights(elements: number, dataType: number): number {
  return WEIGHT_TYPES.includes(dataType) && Number.isSafeInteger(elements) ? elements : 0
}

function qualified(domain: string, name: string): string {
  const known = standard(domain)
  return known === '' ? name : `${known}:${name}`
}

/** The standard domain has two names. */
function standard(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain
}
