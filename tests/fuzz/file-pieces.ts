import { deflateSync, inflateSync } from 'node:zlib'
import { pngChunk } from '#tests/support/hostile-images.ts'

/** Parts of an image file that a mutation may move, repeat or change as one; put together they are the file. */
export type FilePieces = { format: 'jpeg' | 'png'; pieces: Buffer[] }

export function splitFile(file: Buffer): FilePieces {
  return file[0] === 0x89
    ? { format: 'png', pieces: splitPng(file) }
    : { format: 'jpeg', pieces: splitJpeg(file) }
}

/** The signature, then chunk after chunk. */
function splitPng(file: Buffer): Buffer[] {
  const pieces = [file.subarray(0, 8)]
  for (let at = 8; at < file.length; ) {
    const end = at + 12 + file.readUInt32BE(at)
    pieces.push(file.subarray(at, end))
    at = end
  }
  return pieces
}

/** SOI, then segment after segment; a scan's coded data is a piece of its own, the end marker too. */
function splitJpeg(file: Buffer): Buffer[] {
  const pieces = [file.subarray(0, 2)]
  for (let at = 2; at < file.length; ) {
    const marker = file[at + 1] as number
    const end = marker === 0xd9 ? at + 2 : at + 2 + file.readUInt16BE(at + 2)
    pieces.push(file.subarray(at, end))
    at = end
    if (marker !== 0xda) continue
    while (!(file[at] === 0xff && isMarkerOfSegment(file[at + 1] as number))) at++
    pieces.push(file.subarray(end, at))
  }
  return pieces
}

function isMarkerOfSegment(code: number): boolean {
  return code !== 0 && !(code >= 0xd0 && code <= 0xd7)
}

/** The chunk with another body, its length and checksum right. */
export function withBody(chunk: Buffer, body: Buffer): Buffer {
  return pngChunk(chunk.toString('latin1', 4, 8), body)
}

/** All pixels of a PNG unpacked, changed and packed again, so that only its own content can be at fault. */
export function withPixels(pieces: readonly Buffer[], change: (rows: Buffer) => Buffer): Buffer[] {
  const isData = (piece: Buffer) => piece.toString('latin1', 4, 8) === 'IDAT'
  const packed = Buffer.concat(pieces.filter(isData).map((piece) => piece.subarray(8, -4)))
  const data = pngChunk('IDAT', deflateSync(change(inflateSync(packed))))
  const first = pieces.findIndex(isData)
  return pieces.flatMap((piece, index) => (index === first ? [data] : isData(piece) ? [] : [piece]))
}
