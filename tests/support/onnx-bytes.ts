/** Writes protobuf by hand: what no serialiser writes, a test must. */

export function varint(value: number | bigint): Buffer {
  const groups: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  do {
    groups.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  } while (rest > 0n)
  groups.push((groups.pop() as number) & 0x7f)
  return Buffer.from(groups)
}

export const integer = (field: number, value: number | bigint): Buffer =>
  Buffer.concat([varint(field * 8), varint(value)])

export function bytes(field: number, ...content: (Uint8Array | string)[]): Buffer {
  const all = Buffer.concat(content.map((each) => Buffer.from(each as string)))
  return Buffer.concat([varint(field * 8 + 2), varint(all.length), all])
}

/** The same field with 2^32 added to its tag of one byte: a reader of 53 bits sees another field, one of 32 the same. */
export function hidden(field: Buffer): Buffer {
  const tag = Buffer.from([(field[0] as number) | 0x80, 0x80, 0x80, 0x80, 0x10])
  return Buffer.concat([tag, field.subarray(1)])
}

/** The same field with a tag of two bytes, of which the second says nothing. */
export function longTag(field: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field[0] as number) | 0x80, 0]), field.subarray(1)])
}

export const same = (field: Buffer): Buffer => field

/** Numbers of ONNX' element types. */
const [FLOAT, UINT8] = [1, 2]

export const floats = (name: string, values: number[], dims: number[]): Buffer =>
  Buffer.concat([
    ...dims.map((size) => integer(1, size)),
    integer(2, FLOAT),
    bytes(8, name),
    bytes(9, Buffer.from(Float32Array.from(values).buffer)),
  ])

export const node = (operator: string, inputs: string[], outputs: string[], ...more: Buffer[]): Buffer =>
  bytes(
    1,
    ...inputs.map((name) => bytes(1, name)),
    ...outputs.map((name) => bytes(2, name)),
    bytes(4, operator),
    ...more,
  )

/** An attribute of one whole number. */
export const whole = (name: string, value: number): Buffer =>
  bytes(5, bytes(1, name), integer(3, value), integer(20, 2))

export function value(name: string, dims: (number | string)[]): Buffer {
  const shape = dims.map((size) => bytes(1, typeof size === 'number' ? integer(1, size) : bytes(2, size)))
  return Buffer.concat([bytes(1, name), bytes(2, bytes(1, integer(1, FLOAT), bytes(2, ...shape)))])
}

export const model = (...graph: Buffer[]): Buffer =>
  Buffer.concat([integer(1, 8), bytes(7, ...graph), bytes(8, integer(2, 17))])

/** A tensor of so many bytes whose values lie in another file, its two telling fields disguised. */
export function fileTensor(
  name: string,
  file: { location: string; length: number },
  disguise: (field: Buffer) => Buffer,
): Buffer {
  const entry = (key: string, text: string) => disguise(bytes(13, bytes(1, key), bytes(2, text)))
  return Buffer.concat([
    integer(1, file.length),
    integer(2, UINT8),
    bytes(8, name),
    entry('location', file.location),
    entry('offset', '0'),
    entry('length', `${file.length}`),
    disguise(integer(14, 1)),
  ])
}

/**
 * A classifier of `length` + 1 classes whose answer to any image is the content of a file:
 * p[i] / p[length] · 256 − 1 is its byte i.
 */
export function fileReader(
  file: { location: string; length: number },
  disguise: (field: Buffer) => Buffer,
): Buffer {
  return model(
    node('Cast', ['file'], ['numbers'], whole('to', FLOAT)),
    node('Concat', ['numbers', 'end'], ['all'], whole('axis', 0)),
    node('Add', ['all', 'one'], ['grown']),
    node('Log', ['grown'], ['row']),
    node('Unsqueeze', ['row', 'first'], ['logits']),
    bytes(2, 'reader'),
    bytes(5, fileTensor('file', file, disguise)),
    bytes(5, floats('end', [255], [1])),
    bytes(5, floats('one', [1], [1])),
    bytes(5, integer(1, 1), integer(2, 7), bytes(8, 'first'), bytes(9, Buffer.alloc(8))),
    bytes(11, value('input', ['batch', 1, 64, 64])),
    bytes(12, value('logits', [1, file.length + 1])),
  )
}
