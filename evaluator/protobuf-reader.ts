import type { ByteWindow } from './byte-window.ts'

export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

/** One field of a message. `start` and `end` are where its value lies; of a number, also what it is. */
export type ProtobufField = {
  number: number
  wireType: number
  start: number
  end: number
  /** A bigint only above 2^49. */
  integer: number | bigint
}

const VARINT_BYTES = 10
/** So many seven-bit groups are exact in a JavaScript number. */
const EXACT_BYTES = 7
/** Tags have 32 bits: this runtime drops what stands above, and others refuse it. */
const MAX_TAG = 2 ** 32 - 1

/**
 * Walks the fields of a protobuf message in the one spelling that every reader understands alike: numbers are as short
 * as they can be, tags fit 32 bits, and there are no groups. Anything else could be one field here and another to the
 * runtime. Throws RangeError. https://protobuf.dev/programming-guides/encoding
 */
export function* readFields(window: ByteWindow, start: number, end: number): Generator<ProtobufField> {
  for (let at = start; at < end; ) {
    const tag = readVarint(window, at, end)
    if (typeof tag.value === 'bigint' || tag.value > MAX_TAG) throw new RangeError('a tag exceeds 32 bits')
    const number = Math.floor(tag.value / 8)
    if (number === 0) throw new RangeError('a field has the number 0')
    const field = readValue(window, { number, wireType: tag.value % 8 }, tag.end, end)
    yield field
    at = field.end
  }
}

function readValue(
  window: ByteWindow,
  tag: { number: number; wireType: number },
  at: number,
  end: number,
): ProtobufField {
  const spanning = (start: number, length: number): ProtobufField => {
    if (length > end - start) throw new RangeError('the message ends inside a field')
    return { ...tag, start, end: start + length, integer: 0 }
  }
  switch (tag.wireType) {
    case WIRE.varint: {
      const varint = readVarint(window, at, end)
      return { ...tag, start: at, end: varint.end, integer: varint.value }
    }
    case WIRE.bytes: {
      const length = readVarint(window, at, end)
      return spanning(length.end, Number(length.value))
    }
    case WIRE.fixed64:
      return spanning(at, 8)
    case WIRE.fixed32:
      return spanning(at, 4)
    default:
      throw new RangeError(`a field has the wire type ${tag.wireType}, which ONNX does not use`)
  }
}

/** A number of at most 64 bits, and where the next byte lies. */
export function readVarint(
  window: ByteWindow,
  start: number,
  end: number,
): { value: number | bigint; end: number } {
  let low = 0
  let high = 0n
  for (let i = 0; i < VARINT_BYTES; i++) {
    if (start + i >= end) throw new RangeError('the message ends inside a number')
    const byte = window.at(start + i)
    const group = byte & 0x7f
    if (i < EXACT_BYTES) low += group * 2 ** (7 * i)
    else high |= BigInt(group) << BigInt(7 * i)
    if (byte >= 0x80) continue
    if (byte === 0 && i > 0) throw new RangeError('a number is longer than it needs to be')
    if (i === VARINT_BYTES - 1 && byte > 1) break
    return { value: high === 0n ? low : high + BigInt(low), end: start + i + 1 }
  }
  throw new RangeError('a number exceeds 64 bits')
}

/** Throws unless the bytes are numbers as `readVarint` takes them. Weights may be written so: nothing is kept of them. */
export function checkVarints(window: ByteWindow, start: number, end: number): void {
  let length = 0
  for (let at = start; at < end; at++) {
    const byte = window.at(at)
    length++
    if (length === VARINT_BYTES && byte > 1) throw new RangeError('a number exceeds 64 bits')
    if (byte >= 0x80) continue
    if (byte === 0 && length > 1) throw new RangeError('a number is longer than it needs to be')
    length = 0
  }
  if (length > 0) throw new RangeError('the message ends inside a number')
}
