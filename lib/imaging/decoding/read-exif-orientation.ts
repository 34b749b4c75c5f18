const ORIENTATION_TAG = 0x0112
const ENTRY_BYTES = 12
const SHORT = 3
const LONG = 4

/**
 * The EXIF orientation (1–8) of a TIFF block, 1 where there is none. A damaged annotation is no damage of the
 * picture, so this never throws.
 */
export function readExifOrientation(tiff: Uint8Array): number {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength)
  if (view.byteLength < 8) return 1
  const byteOrder = view.getUint16(0)
  if (byteOrder !== 0x4949 && byteOrder !== 0x4d4d) return 1
  const little = byteOrder === 0x4949
  const directory = view.getUint32(4, little)
  if (directory + 2 > view.byteLength) return 1
  const entries = view.getUint16(directory, little)
  for (let i = 0; i < entries; i++) {
    const entry = directory + 2 + i * ENTRY_BYTES
    if (entry + ENTRY_BYTES > view.byteLength) return 1
    if (view.getUint16(entry, little) !== ORIENTATION_TAG) continue
    const type = view.getUint16(entry + 2, little)
    if (view.getUint32(entry + 4, little) !== 1) return 1
    const value =
      type === SHORT
        ? view.getUint16(entry + 8, little)
        : type === LONG
          ? view.getUint32(entry + 8, little)
          : 1
    return value >= 1 && value <= 8 ? value : 1
  }
  return 1
}
