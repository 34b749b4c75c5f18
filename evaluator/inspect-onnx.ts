import { readProtobuf, readVarints } from './protobuf-reader.ts'

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

// Field numbers of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
const MODEL = { irVersion: 1, graph: 7, opsetImport: 8, functions: 25 }
const OPSET = { domain: 1, version: 2 }
const FUNCTION = { name: 1, node: 7, domain: 10 }
const GRAPH = { node: 1, initializer: 5, sparseInitializer: 15 }
const NODE = { opType: 4, attribute: 5, domain: 7 }
const ATTRIBUTE = { tensor: 5, graph: 6, tensors: 10, graphs: 11, sparseTensor: 22, sparseTensors: 23 }
const SPARSE_TENSOR = { values: 1, indices: 2 }
const TENSOR = { dims: 1, dataType: 2, externalData: 13, dataLocation: 14 }
/** float, uint8, int8, float16, double, bfloat16. */
const WEIGHT_TYPES = [1, 2, 3, 10, 11, 16]
const EXTERNAL = 1

/** Real models nest two or three graphs; a file of nested messages must not exhaust the stack. */
const MAX_DEPTH = 32

/** Throws RangeError where the bytes are no ONNX model. */
export function inspectOnnx(model: Uint8Array): OnnxContents {
  const contents: OnnxContents = {
    irVersion: 0,
    opsets: new Map(),
    operators: new Set(),
    functions: new Set(),
    externalData: false,
    parameters: 0,
  }
  let graphs = 0
  for (const field of readProtobuf(model)) {
    if ('integer' in field) {
      if (field.number === MODEL.irVersion) contents.irVersion = field.integer
    } else if (field.number === MODEL.graph) {
      graphs++
      inspectGraph(field.bytes, contents, 0)
    } else if (field.number === MODEL.opsetImport) inspectOpset(field.bytes, contents)
    else if (field.number === MODEL.functions) inspectFunction(field.bytes, contents)
  }
  if (graphs === 0 || contents.irVersion === 0) throw new RangeError('the message has no graph')
  return contents
}

function inspectOpset(message: Uint8Array, contents: OnnxContents): void {
  let domain = ''
  let version = 0
  for (const field of readProtobuf(message)) {
    if ('integer' in field) {
      if (field.number === OPSET.version) version = field.integer
    } else if (field.number === OPSET.domain) domain = text(field.bytes)
  }
  contents.opsets.set(domain === 'ai.onnx' ? '' : domain, version)
}

function inspectFunction(message: Uint8Array, contents: OnnxContents): void {
  let domain = ''
  let name = ''
  for (const field of readProtobuf(message)) {
    if ('integer' in field) continue
    if (field.number === FUNCTION.name) name = text(field.bytes)
    else if (field.number === FUNCTION.domain) domain = text(field.bytes)
    else if (field.number === FUNCTION.node) inspectNode(field.bytes, contents, 0)
  }
  contents.functions.add(qualified(domain, name))
}

function inspectGraph(message: Uint8Array, contents: OnnxContents, depth: number): void {
  if (depth > MAX_DEPTH) throw new RangeError('the graphs are nested too deeply')
  for (const field of readProtobuf(message)) {
    if ('integer' in field) continue
    if (field.number === GRAPH.node) inspectNode(field.bytes, contents, depth)
    else if (field.number === GRAPH.initializer) {
      inspectTensor(field.bytes, contents)
      contents.parameters += countWeights(field.bytes)
    } else if (field.number === GRAPH.sparseInitializer) inspectSparseTensor(field.bytes, contents)
  }
}

function inspectNode(message: Uint8Array, contents: OnnxContents, depth: number): void {
  let domain = ''
  let operator = ''
  for (const field of readProtobuf(message)) {
    if ('integer' in field) continue
    if (field.number === NODE.opType) operator = text(field.bytes)
    else if (field.number === NODE.domain) domain = text(field.bytes)
    else if (field.number === NODE.attribute) inspectAttribute(field.bytes, contents, depth)
  }
  contents.operators.add(qualified(domain, operator))
}

function inspectAttribute(message: Uint8Array, contents: OnnxContents, depth: number): void {
  for (const field of readProtobuf(message)) {
    if ('integer' in field) continue
    const { number, bytes } = field
    if (number === ATTRIBUTE.graph || number === ATTRIBUTE.graphs) inspectGraph(bytes, contents, depth + 1)
    else if (number === ATTRIBUTE.tensor || number === ATTRIBUTE.tensors) inspectTensor(bytes, contents)
    else if (number === ATTRIBUTE.sparseTensor || number === ATTRIBUTE.sparseTensors)
      inspectSparseTensor(bytes, contents)
  }
}

function inspectSparseTensor(message: Uint8Array, contents: OnnxContents): void {
  for (const field of readProtobuf(message))
    if ('bytes' in field && (field.number === SPARSE_TENSOR.values || field.number === SPARSE_TENSOR.indices))
      inspectTensor(field.bytes, contents)
}

function inspectTensor(message: Uint8Array, contents: OnnxContents): void {
  for (const field of readProtobuf(message)) {
    const external =
      'integer' in field
        ? field.number === TENSOR.dataLocation && field.integer === EXTERNAL
        : field.number === TENSOR.externalData
    if (external) contents.externalData = true
  }
}

/** Packed dimensions, which proto3 allows for any list of numbers, are read as the ones written one by one. */
function countWeights(message: Uint8Array): number {
  let dataType = 0
  let count = 1
  for (const field of readProtobuf(message)) {
    if (field.number === TENSOR.dims)
      for (const size of 'integer' in field ? [field.integer] : readVarints(field.bytes)) count *= size
    else if (field.number === TENSOR.dataType && 'integer' in field) dataType = field.integer
  }
  return WEIGHT_TYPES.includes(dataType) && Number.isSafeInteger(count) ? count : 0
}

function qualified(domain: string, name: string): string {
  return domain === '' || domain === 'ai.onnx' ? name : `${domain}:${name}`
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
}
