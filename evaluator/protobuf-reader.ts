/** One field of a protobuf message: its number and its value, bytes for everything of variable length. */
export type ProtobufField = { number: number; bytes: Uint8Array } | { number: number; integer: number }

const [VARINT, FIXED64, LENGTH_DELIMITED, FIXED32] = [0, 1, 2, 5]
const VARINT_BYTES = 10

/**
 * Walks the fields of a protobuf message without a schema and without copying. Throws RangeError where the bytes
 * are no such message. https://protobuf.dev/programming-guides/encoding
 */
export function* readProtobuf(message: Uint8Array): Generator<ProtobufField> {
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let i = 0; i < VARINT_BYTES; i++) {
      const byte = message[at++]
      if (byte === undefined) throw new RangeError('the message ends inside a number')
      // Above 2^53 only negative int64 values occur, and none of the fields we look at can be one.
      value += (byte & 0x7f) * 2 ** (7 * i)
      if (byte < 0x80) return value
    }
    throw new RangeError('a number has too many bytes')
  }
  const take = (length: number): Uint8Array => {
    if (at + length > message.length) throw new RangeError('the message ends inside a field')
    at += length
    return message.subarray(at - length, at)
  }
  while (at < message.length) {
    const tag = varint()
    const number = Math.floor(tag / 8)
    if (number === 0) throw new RangeError('a field has the number 0')
    const wireType = tag % 8
    if (wireType === VARINT) yield { number, integer: varint() }
    else if (wireType === LENGTH_DELIMITED) yield { number, bytes: take(varint()) }
    else if (wireType === FIXED64) take(8)
    else if (wireType === FIXED32) take(4)
    else throw new RangeError(`a field has the unknown wire type ${wireType}`)
  }
}

/** The numbers of a packed list. Throws RangeError where the last one is cut. */
export function readVarints(packed: Uint8Array): number[] {
  const numbers: number[] = []
  let value = 0
  let factor = 1
  for (const byte of packed) {
    value += (byte & 0x7f) * factor
    factor *= 128
    if (byte >= 0x80) continue
    numbers.push(value)
    value = 0
    factor = 1
  }
  if (factor !== 1) throw new RangeError('the message ends inside a number')
  return numbers
}
