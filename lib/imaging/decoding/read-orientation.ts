/** Stands before the TIFF block in a JPEG. Some programs write it into PNG too, and some write it twice. */
export const EXIF_PREFIX = Buffer.from('Exif\0\0', 'latin1')

/** What a file says about how to turn its picture, wherever it says so. */
export type Annotations = {
  /** All EXIF of the file: a TIFF block behind `EXIF_PREFIX`, which may stand there twice or be missing. */
  exif: Uint8Array | null
  xmp: Uint8Array | null
}

const ORIENTATION_TAG = 0x0112
const XMP_ORIENTATION = /tiff:Orientation(?:="|>)([0-9])/

/**
 * The orientation (1–8) of a file, 1 where it has none; found wherever Pillow finds it, so that both sides of the product
 * turn the same pictures. A damaged annotation is no damage of the picture, so this never throws.
 * Source: Pillow, src/PIL/Image.py (`getexif`, `Exif.load`) and TiffImagePlugin.py (`ImageFileDirectory_v2`).
 */
export function readOrientation({ exif, xmp }: Annotations): number {
  const value = (exif === null ? 'absent' : readExifOrientation(exif)) ?? 1
  if (value === 'absent') return toOrientation(xmpOrientation(xmp))
  return toOrientation(value)
}

function toOrientation(value: number): number {
  return Number.isInteger(value) && value >= 1 && value <= 8 ? value : 1
}

function xmpOrientation(xmp: Uint8Array | null): number {
  if (xmp === null) return 1
  return Number(XMP_ORIENTATION.exec(Buffer.from(xmp).toString('latin1'))?.[1] ?? 1)
}

const MAX_PREFIXES = 2
/** Byte order and version of a TIFF block; two of the four are mistakes that readers forgive. */
const TIFF_STARTS = ['MM\0*', 'II*\0', 'MM*\0', 'II\0*']
const TIFF_HEADER_BYTES = 8
const ENTRY_BYTES = 12

/** The tag's value; `absent` where another annotation may say it, null where the block is no TIFF. */
function readExifOrientation(exif: Uint8Array): number | 'absent' | null {
  const block = withoutPrefixes(Buffer.from(exif.buffer, exif.byteOffset, exif.byteLength))
  if (block.length === 0) return 'absent'
  if (block.length < TIFF_HEADER_BYTES || !TIFF_STARTS.includes(block.toString('latin1', 0, 4))) return null
  const view = new DataView(block.buffer, block.byteOffset, block.length)
  const little = block[0] === 0x49
  const directory = view.getUint32(4, little)
  if (directory + 2 > block.length) return 'absent'
  const entries = view.getUint16(directory, little)
  let outside = 0
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + i * ENTRY_BYTES
    if (at + ENTRY_BYTES > block.length) break
    const size = valueBytes(view, at, little)
    if (size === 0) continue
    if (size > 4) {
      // As in Pillow, values that cannot all fit are passed over, and one that lies outside ends the directory.
      outside += size
      if (outside > block.length) continue
      if (view.getUint32(at + 8, little) + size > block.length) break
    }
    if (view.getUint16(at, little) === ORIENTATION_TAG) return readValue(view, at, size, little)
  }
  return 'absent'
}

function withoutPrefixes(exif: Buffer): Buffer {
  let block = exif
  for (let i = 0; i < MAX_PREFIXES && block.subarray(0, EXIF_PREFIX.length).equals(EXIF_PREFIX); i++)
    block = block.subarray(EXIF_PREFIX.length)
  return block
}

type ReadNumber = (view: DataView, at: number, little: boolean) => number
const noNumber: ReadNumber = () => 1

/** By the type's number: bytes of one value, and how it is read. Text and bytes are no orientation. */
const TYPES: Readonly<Record<number, { bytes: number; read: ReadNumber }>> = {
  1: { bytes: 1, read: noNumber },
  2: { bytes: 1, read: noNumber },
  3: { bytes: 2, read: (view, at, little) => view.getUint16(at, little) },
  4: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  5: { bytes: 8, read: (view, at, little) => view.getUint32(at, little) / view.getUint32(at + 4, little) },
  6: { bytes: 1, read: (view, at) => view.getInt8(at) },
  7: { bytes: 1, read: noNumber },
  8: { bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  9: { bytes: 4, read: (view, at, little) => view.getInt32(at, little) },
  10: { bytes: 8, read: (view, at, little) => view.getInt32(at, little) / view.getInt32(at + 4, little) },
  11: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  12: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
  13: { bytes: 4, read: (view, at, little) => view.getUint32(at, little) },
  16: { bytes: 8, read: (view, at, little) => Number(view.getBigUint64(at, little)) },
}

function valueBytes(view: DataView, entry: number, little: boolean): number {
  return (TYPES[view.getUint16(entry + 2, little)]?.bytes ?? 0) * view.getUint32(entry + 4, little)
}

/** The first of the values: further ones are a mistake. */
function readValue(view: DataView, entry: number, size: number, little: boolean): number {
  const at = size > 4 ? view.getUint32(entry + 8, little) : entry + 8
  return (TYPES[view.getUint16(entry + 2, little)]?.read ?? noNumber)(view, at, little)
}
