import { type FilePieces, splitFile, withBody, withPixels } from './file-pieces.ts'

/** Uniform in [0, 1). */
export type Random = () => number

type Mutation = (file: Buffer, other: Buffer, random: Random) => Buffer

const below = (random: Random, limit: number) => Math.floor(random() * limit)
const pick = <T>(random: Random, from: readonly T[]): T => from[below(random, from.length)] as T

/** Numbers at which sums, products and signs go wrong. */
const EDGES = [0, 1, 2, 7, 8, 255, 256, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff]

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  /** One to eight bits anywhere. A PNG's checksums see that. */
  flip: (file, _other, random) => changeBytes(file, 1 + below(random, 8), random, flipBit),
  overwrite: (file, _other, random) =>
    changeBytes(file, 1 + below(random, 40), random, () => below(random, 256)),
  truncate: (file, _other, random) => file.subarray(0, below(random, file.length)),
  cut: (file, _other, random) => {
    const [start, end] = range(file, random)
    return Buffer.concat([file.subarray(0, start), file.subarray(end)])
  },
  repeat: (file, _other, random) => {
    const [start, end] = range(file, random)
    return Buffer.concat([file.subarray(0, end), file.subarray(start)])
  },
  splice: (file, other, random) => {
    const at = below(random, file.length)
    return Buffer.concat([file.subarray(0, at), other.subarray(below(random, other.length))])
  },
  number: (file, _other, random) => writeEdge(file, below(random, Math.max(1, file.length - 4)), random),
  /** The first kilobyte is where headers and tables are. */
  head: (file, _other, random) => {
    const head = changeBytes(file.subarray(0, 1024), 1 + below(random, 4), random, () => below(random, 256))
    return Buffer.concat([head, file.subarray(1024)])
  },
  pieceRepeated: rearrange((pieces, random) => {
    const at = below(random, pieces.length)
    const copies = Array.from({ length: 1 + below(random, 300) }, () => pieces[at] as Buffer)
    return pieces.toSpliced(at, 0, ...copies)
  }),
  pieceDropped: rearrange((pieces, random) => pieces.toSpliced(below(random, pieces.length), 1)),
  pieceMoved: rearrange((pieces, random) => {
    const from = below(random, pieces.length)
    return pieces.toSpliced(from, 1).toSpliced(below(random, pieces.length), 0, pieces[from] as Buffer)
  }),
  pieceOfAnother: rearrange((pieces, random, other) =>
    pieces.toSpliced(below(random, pieces.length), below(random, 2), pick(random, other)),
  ),
  /** A length field, or whatever else stands at the start of a segment or chunk. */
  pieceLength: rearrange((pieces, random) =>
    changePiece(pieces, random, (piece) => writeEdge(piece, below(random, 5), random)),
  ),
  /** A segment's or chunk's own content; a PNG chunk's checksum is made right again. */
  pieceContent: (file, _other, random) => {
    const { format, pieces } = splitFile(file)
    const changed = changePiece(pieces, random, (piece) => {
      if (format === 'jpeg') return changeBytes(piece, 1 + below(random, 6), random, () => below(random, 256))
      const body = changeBytes(piece.subarray(8, -4), 1 + below(random, 6), random, () => below(random, 256))
      return piece.length < 12 ? piece : withBody(piece, body)
    })
    return Buffer.concat(changed)
  },
  /** Rows and filters of a PNG; the coded data of a JPEG. */
  pixels: (file, _other, random) => {
    const { format, pieces } = splitFile(file)
    const change = (bytes: Buffer) =>
      changeBytes(bytes, 1 + below(random, 60), random, () => below(random, 256)).subarray(
        0,
        random() < 0.3 ? below(random, bytes.length) : bytes.length,
      )
    if (format === 'png') return Buffer.concat(withPixels(pieces, change))
    const longest = Math.max(...pieces.map(({ length }) => length))
    return Buffer.concat(pieces.map((piece) => (piece.length === longest ? change(piece) : piece)))
  },
}

/** One to three mutations in a row; `names` says which. */
export function mutate(file: Buffer, other: Buffer, random: Random): { names: string[]; bytes: Buffer } {
  const names: string[] = []
  let bytes = file
  for (let left = random() < 0.7 ? 1 : 2 + below(random, 2); left > 0; left--) {
    // What was damaged cannot be taken apart any more.
    const name = pick(
      random,
      names.length === 0 ? Object.keys(MUTATIONS) : ['flip', 'overwrite', 'number', 'head', 'cut'],
    )
    bytes = (MUTATIONS[name] as Mutation)(bytes, other, random)
    names.push(name)
  }
  return { names, bytes }
}

function changeBytes(
  file: Buffer,
  count: number,
  random: Random,
  value: (old: number, random: Random) => number,
): Buffer {
  const changed = Buffer.from(file)
  for (let i = 0; i < count && changed.length > 0; i++) {
    const at = below(random, changed.length)
    changed[at] = value(changed[at] as number, random)
  }
  return changed
}

function flipBit(old: number, random: Random): number {
  return old ^ (1 << below(random, 8))
}

function range(file: Buffer, random: Random): [number, number] {
  const start = below(random, file.length)
  return [start, Math.min(file.length, start + 1 + below(random, 2000))]
}

function writeEdge(file: Buffer, at: number, random: Random): Buffer {
  const changed = Buffer.from(file)
  const value = pick(random, EDGES)
  if (random() < 0.5 && at + 4 <= changed.length) changed.writeUInt32BE(value >>> 0, at)
  else if (at + 2 <= changed.length) changed.writeUInt16BE(value & 0xffff, at)
  return changed
}

function rearrange(change: (pieces: Buffer[], random: Random, other: Buffer[]) => Buffer[]): Mutation {
  return (file, other, random) =>
    Buffer.concat(change(splitFile(file).pieces, random, splitFile(other).pieces))
}

function changePiece(
  pieces: FilePieces['pieces'],
  random: Random,
  change: (piece: Buffer) => Buffer,
): Buffer[] {
  const at = 1 + below(random, pieces.length - 1)
  return pieces.with(at, change(pieces[at] as Buffer))
}
