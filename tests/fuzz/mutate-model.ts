import { windowOf } from '#evaluator/byte-window.ts'
import { ONNX_MESSAGES } from '#evaluator/onnx-schema.ts'
import { readFields, WIRE } from '#evaluator/protobuf-reader.ts'
import { varint } from '#tests/support/onnx-bytes.ts'
import type { Random } from './mutate.ts'

/** A field as it will be written: its own bytes, or the fields of the message in it. */
type Field = { tag: Buffer; number: number; wireType: number; length?: Buffer; value: Buffer | Field[] }

const below = (random: Random, limit: number) => Math.floor(random() * limit)
const pick = <T>(random: Random, from: readonly T[]): T => from[below(random, from.length)] as T

/** A model as a tree of fields, so that a change deep inside keeps the lengths around it right. */
export function readTree(model: Buffer, message = 'Model'): Field[] {
  return [...readFields(windowOf(model), 0, model.length)].map(({ number, wireType, start, end }) => {
    const kind = ONNX_MESSAGES.get(message)?.get(number)?.kind ?? ''
    const bytes = model.subarray(start, end)
    const value = ONNX_MESSAGES.has(kind) && wireType === WIRE.bytes ? readTree(bytes, kind) : bytes
    return { tag: varint(number * 8 + wireType), number, wireType, value }
  })
}

export function writeTree(fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.map(({ tag, wireType, length, value }) => {
      const bytes = Array.isArray(value) ? writeTree(value) : value
      return Buffer.concat([
        tag,
        wireType === WIRE.bytes ? (length ?? varint(bytes.length)) : Buffer.alloc(0),
        bytes,
      ])
    }),
  )
}

/** Every list of fields, the outermost first: where a mutation may take place. */
function listsOf(fields: Field[]): Field[][] {
  return [fields, ...fields.flatMap(({ value }) => (Array.isArray(value) ? listsOf(value) : []))]
}

/** A number that is longer than it needs to be, by as many bytes. */
function stretch(number: Buffer, by: number): Buffer {
  const long = Buffer.concat([number, Buffer.alloc(by)])
  for (let i = 0; i < long.length - 1; i++) long[i] = (long[i] as number) | 0x80
  return long
}

type Mutation = (list: Field[], at: number, random: Random, others: readonly Field[]) => void
const field = (list: Field[], at: number) => list[at] as Field

export const MODEL_MUTATIONS: Readonly<Record<string, Mutation>> = {
  /** Another field to who keeps more than 32 bits of a tag. */
  tagAbove32Bits: (list, at, random) => {
    const { number, wireType } = field(list, at)
    const more = BigInt(1 + below(random, 7)) << BigInt(32 + below(random, 3))
    field(list, at).tag = varint(BigInt(number * 8 + wireType) + more)
  },
  tagStretched: (list, at, random) => {
    field(list, at).tag = stretch(field(list, at).tag, 1 + below(random, 5))
  },
  lengthStretched: (list, at, random) => {
    const { value } = field(list, at)
    const size = Array.isArray(value) ? writeTree(value).length : value.length
    field(list, at).length = stretch(varint(size), 1 + below(random, 4))
  },
  lengthWrong: (list, at, random) => {
    field(list, at).length = varint(
      pick(random, [0, 1, 127, 128, 2 ** 31 - 1, 2 ** 31, 2n ** 32n + 1n, 2n ** 64n - 1n]),
    )
  },
  numberAbove32Bits: (list, at, random) => {
    const { wireType, value } = field(list, at)
    if (wireType === WIRE.varint)
      field(list, at).value = varint(
        BigInt((value as Buffer)[0] ?? 0) + (1n << BigInt(31 + below(random, 33))),
      )
  },
  numberOther: (list, at, random) => {
    if (field(list, at).wireType === WIRE.varint) field(list, at).value = varint(below(random, 32))
  },
  fieldNumberOther: (list, at, random) => {
    const { wireType } = field(list, at)
    field(list, at).tag = varint((1 + below(random, 30)) * 8 + wireType)
  },
  wireTypeOther: (list, at, random) => {
    field(list, at).tag = varint(field(list, at).number * 8 + below(random, 8))
  },
  twice: (list, at) => void list.splice(at, 0, field(list, at)),
  dropped: (list, at) => void list.splice(at, 1),
  moved: (list, at, random) => void list.splice(below(random, list.length), 0, ...list.splice(at, 1)),
  /** One message in two pieces, which protobuf merges. */
  split: (list, at, random) => {
    const { value } = field(list, at)
    if (!Array.isArray(value) || value.length < 2) return
    const cut = 1 + below(random, value.length - 1)
    list.splice(
      at,
      1,
      { ...field(list, at), value: value.slice(0, cut) },
      { ...field(list, at), value: value.slice(cut) },
    )
  },
  ofAnother: (list, at, random, others) => void list.splice(at, below(random, 2), pick(random, others)),
  packed: (list, at) => {
    const { number, wireType, value } = field(list, at)
    if (wireType === WIRE.bytes || Array.isArray(value)) return
    list[at] = { number, wireType: WIRE.bytes, tag: varint(number * 8 + WIRE.bytes), value }
  },
  group: (list, at, random) => {
    const number = 1 + below(random, 30)
    const empty = { number, wireType: WIRE.varint, value: Buffer.alloc(0) }
    list.splice(at, 0, { ...empty, tag: varint(number * 8 + 3) }, { ...empty, tag: varint(number * 8 + 4) })
  },
  bits: (list, at, random) => {
    const { value } = field(list, at)
    if (Array.isArray(value) || value.length === 0) return
    const changed = Buffer.from(value)
    const byte = below(random, changed.length)
    changed[byte] = (changed[byte] as number) ^ (1 << below(random, 8))
    field(list, at).value = changed
  },
}

/** One to three mutations anywhere in the tree of a model; their names, and what came of it. */
export function mutateModel(
  model: Buffer,
  other: Buffer,
  random: Random,
): { names: string[]; bytes: Buffer } {
  const tree = readTree(model)
  const names: string[] = []
  const others = listsOf(readTree(other)).flat()
  for (let left = 1 + below(random, 3); left > 0; left--) {
    const list = pick(
      random,
      listsOf(tree).filter(({ length }) => length > 0),
    )
    const name = pick(random, Object.keys(MODEL_MUTATIONS))
    names.push(name)
    MODEL_MUTATIONS[name]?.(list, below(random, list.length), random, others)
    if (tree.length === 0) break
  }
  return { names, bytes: writeTree(tree) }
}
