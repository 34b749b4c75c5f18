import type { ByteWindow } from './byte-window.ts'
import { ONNX_MESSAGES, type OnnxField, type OnnxMessageName } from './onnx-schema.ts'
import { checkVarints, type ProtobufField, readFields, readVarint, WIRE } from './protobuf-reader.ts'

/** One message at its end: the texts and numbers of its own fields, by name. Its inner messages have come before. */
export type SeenMessage = {
  type: OnnxMessageName
  /** The message around it, and the name of its field there; both empty for the model itself. */
  within: string
  as: string
  names: ReadonlyMap<string, string>
  integers: ReadonlyMap<string, number>
  /** A tensor's sizes multiplied. */
  elements: number
  fields: ReadonlySet<string>
}

/** As deep as the runtime's protobuf goes; real models nest some ten messages. */
const MAX_DEPTH = 100
const MAX_NAME_BYTES = 1000
/** Beside letters and digits: what exporters write, but neither a colon, which joins domain and name, nor controls. */
const NAME = /^[^\p{C}:]*$/u
const SMALLEST_NEGATIVE_INT32 = 2n ** 64n - 2n ** 31n
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Tells of every message of an ONNX model at any depth. Throws RangeError for anything that two readers could take
 * differently: an unknown field, a field of another kind, a single field that is there twice.
 */
export function walkOnnx(window: ByteWindow, tell: (message: SeenMessage) => void): void {
  walk({ window, tell }, { type: 'Model', within: '', as: '', start: 0, end: window.length, depth: 0 })
}

type Walk = { window: ByteWindow; tell: (message: SeenMessage) => void }
type Place = Pick<SeenMessage, 'type' | 'within' | 'as'> & { start: number; end: number; depth: number }

function walk(context: Walk, place: Place): void {
  const { type, within, as, depth } = place
  if (depth > MAX_DEPTH) throw new RangeError('its messages are nested too deeply')
  const known = ONNX_MESSAGES.get(type)
  const names = new Map<string, string>()
  const integers = new Map<string, number>()
  let elements = 1
  const fields = new Set<string>()
  for (const field of readFields(context.window, place.start, place.end)) {
    const stated = known?.get(field.number)
    if (stated === undefined) throw new RangeError(`${type} has no field ${field.number} in ONNX`)
    const { name, kind, repeated } = stated
    if (!repeated && fields.has(name)) throw new RangeError(`the field ${name} of ${type} is there twice`)
    fields.add(name)
    if (ONNX_MESSAGES.has(kind)) {
      requireWireType(field, WIRE.bytes, name)
      const { start, end } = field
      const inner = { type: kind as OnnxMessageName, within: type, as: name }
      walk(context, { ...inner, start, end, depth: depth + 1 })
    } else if (kind === 'name') names.set(name, readName(context.window, field, name))
    else {
      checkScalar(context.window, field, stated)
      if (typeof field.integer === 'number' && field.wireType === WIRE.varint)
        integers.set(name, field.integer)
      if (name === 'dims') elements *= multiply(context.window, field)
    }
  }
  context.tell({ type, within, as, names, integers, elements, fields })
}

function requireWireType(field: ProtobufField, wireType: number, name: string): void {
  if (field.wireType !== wireType) throw new RangeError(`the field ${name} is of another kind than in ONNX`)
}

function readName(window: ByteWindow, field: ProtobufField, name: string): string {
  requireWireType(field, WIRE.bytes, name)
  if (field.end - field.start > MAX_NAME_BYTES) throw new RangeError(`the field ${name} is too long`)
  let text = ''
  try {
    text = DECODER.decode(window.copy(field.start, field.end))
  } catch {
    throw new RangeError(`the field ${name} is not UTF-8`)
  }
  if (!NAME.test(text)) throw new RangeError(`the field ${name} has a colon or a control character`)
  return text
}

function checkScalar(window: ByteWindow, field: ProtobufField, { name, kind, repeated }: OnnxField): void {
  const fixed = { float: WIRE.fixed32, double: WIRE.fixed64 }[kind]
  if (kind === 'text' || kind === 'bytes') requireWireType(field, WIRE.bytes, name)
  else if (repeated && field.wireType === WIRE.bytes) checkPacked(window, field, fixed)
  else requireWireType(field, fixed ?? WIRE.varint, name)
  if (field.wireType !== WIRE.varint) return
  const { integer } = field
  // Both are cut to 32 bits by who reads them.
  if (kind === 'int32' && integer >= 2 ** 31 && integer < SMALLEST_NEGATIVE_INT32)
    throw new RangeError(`the field ${name} exceeds 32 bits`)
  if (kind.startsWith('enum:') && integer > Number(kind.slice('enum:'.length)))
    throw new RangeError(`the field ${name} has the unknown value ${integer}`)
}

/** A list in one field: whole numbers, each as short as it can be. */
function checkPacked(window: ByteWindow, { start, end }: ProtobufField, fixed: number | undefined): void {
  if (fixed === undefined) checkVarints(window, start, end)
  else if ((end - start) % (fixed === WIRE.fixed32 ? 4 : 8) !== 0)
    throw new RangeError('the message ends inside a number')
}

/** Packed numbers, which proto3 allows for any list, are read as the ones written one by one. */
function multiply(window: ByteWindow, field: ProtobufField): number {
  if (field.wireType === WIRE.varint) return Number(field.integer)
  let product = 1
  for (let at = field.start; at < field.end; ) {
    const { value, end } = readVarint(window, at, field.end)
    product *= Number(value)
    at = end
  }
  return product
}
