import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { bytes, floats, integer, node, value, varint } from './onnx-bytes.ts'

const SIDE = 64
/** 400 MB of weights. */
const COLUMNS = 25_600
export const LARGE_MODEL_PARAMETERS = SIDE * SIDE * COLUMNS + COLUMNS * 3 + 3
/** scipy.special.softmax([0, 1, 2]): the large model's answer to any image. */
export const LARGE_MODEL_ANSWER = [0.09003057317038046, 0.24472847105479764, 0.6652409557748218]

/** A file with so many zeros between two pieces, which take no place on disk. */
export function sparseFile(file: string, head: Buffer, zeros: number, tail: Buffer): string {
  const descriptor = openSync(file, 'w')
  writeSync(descriptor, head, 0, head.length, 0)
  ftruncateSync(descriptor, head.length + zeros)
  writeSync(descriptor, tail, 0, tail.length, head.length + zeros)
  closeSync(descriptor)
  return file
}

/** Flatten, a layer of `COLUMNS` zeros for each pixel, a small layer, and a bias: the answer is softmax([0, 1, 2]). */
export function largeModel(file: string): string {
  const weights = SIDE * SIDE * COLUMNS * 4
  const graph = Buffer.concat([
    node('Flatten', ['input'], ['flat']),
    node('MatMul', ['flat', 'large'], ['wide']),
    node('MatMul', ['wide', 'small'], ['scores']),
    node('Add', ['scores', 'bias'], ['logits']),
    bytes(5, floats('small', Array(COLUMNS * 3).fill(0), [COLUMNS, 3])),
    bytes(5, floats('bias', [0, 1, 2], [1, 3])),
    bytes(11, value('input', ['N', 1, SIDE, SIDE])),
    bytes(12, value('logits', ['N', 3])),
  ])
  const tensor = Buffer.concat([
    floats('large', [], [SIDE * SIDE, COLUMNS]).subarray(0, -2), // without its empty values
    varint(9 * 8 + 2),
    varint(weights),
  ])
  const initializer = Buffer.concat([varint(5 * 8 + 2), varint(tensor.length + weights), tensor])
  const graphLength = varint(graph.length + initializer.length + weights)
  const head = Buffer.concat([integer(1, 8), varint(7 * 8 + 2), graphLength, graph, initializer])
  return sparseFile(file, head, weights, Buffer.from([0x42, 2, 0x10, 17])) // operator set 17
}
