import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** More than any name, and little beside a model. */
const WINDOW_BYTES = 256 * 1024

/** Reads into `target` from a position on, and says how many bytes came. */
type Fill = (target: Uint8Array, position: number) => number

/**
 * Bytes that are looked at piece by piece: of a model of a gigabyte only names and numbers matter, and its weights are
 * stepped over without being read.
 */
export class ByteWindow {
  readonly length: number
  private readonly fill: Fill
  private readonly held: Uint8Array
  private start = 0
  private end = 0

  constructor(length: number, fill: Fill) {
    this.length = length
    this.fill = fill
    this.held = new Uint8Array(Math.min(length, WINDOW_BYTES))
  }

  /** The byte at a position below `length`. */
  at(position: number): number {
    if (position < this.start || position >= this.end) this.move(position)
    return this.held[position - this.start] as number
  }

  /** A copy of a few bytes. */
  copy(start: number, end: number): Buffer {
    const bytes = Buffer.alloc(end - start)
    for (let position = start; position < end; position++) bytes[position - start] = this.at(position)
    return bytes
  }

  private move(position: number): void {
    const count = this.fill(this.held, position)
    if (count === 0) throw new RangeError('the file has become shorter while it was read')
    this.start = position
    this.end = position + count
  }
}

/** A window on bytes in memory. */
export function windowOf(bytes: Uint8Array): ByteWindow {
  return new ByteWindow(bytes.length, (target, position) => {
    const piece = bytes.subarray(position, position + target.length)
    target.set(piece)
    return piece.length
  })
}

/** Lends a window on a file. */
export function withFileWindow<T>(file: string, use: (window: ByteWindow) => T): T {
  const descriptor = openSync(file, 'r')
  try {
    const { size } = fstatSync(descriptor)
    return use(
      new ByteWindow(size, (target, position) => readSync(descriptor, target, 0, target.length, position)),
    )
  } finally {
    closeSync(descriptor)
  }
}
