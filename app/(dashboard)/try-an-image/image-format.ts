/** Enough to tell the formats apart: DICOM names itself after 128 bytes. */
export const TELLING_BYTES = 132

const SAVE = 'Open it in an image viewer and save it as PNG.'

type Format = { name: string; remedy: string; begins: (text: string) => boolean }

const FORMATS: readonly Format[] = [
  {
    name: 'a DICOM file',
    remedy: 'Export the image from the viewer as PNG.',
    begins: (text) => text.slice(128, 132) === 'DICM',
  },
  { name: 'a GIF', remedy: SAVE, begins: (text) => text.startsWith('GIF8') },
  { name: 'a TIFF', remedy: SAVE, begins: (text) => /^(II\*\0|MM\0\*)/.test(text) },
  { name: 'a WebP', remedy: SAVE, begins: (text) => /^RIFF.{4}WEBP/s.test(text) },
  { name: 'a BMP', remedy: SAVE, begins: (text) => text.startsWith('BM') },
  {
    name: 'a photo in HEIC or AVIF',
    remedy: SAVE,
    begins: (text) => /^(heic|heix|mif1|msf1|avif)/.test(text.slice(8)) && text.slice(4, 8) === 'ftyp',
  },
  {
    name: 'a PDF',
    remedy: 'Save the image itself as PNG.',
    begins: (text) => text.startsWith('%PDF'),
  },
  {
    name: 'an archive (.zip)',
    remedy: 'Unpack it and choose one image.',
    begins: (text) => text.startsWith('PK'),
  },
]

/** What a file is, by its first bytes: null where it is a JPEG or a PNG, as far as they tell. */
export function unsuitableFormat(firstBytes: Uint8Array): { reason: string; remedy: string } | null {
  const text = String.fromCharCode(...firstBytes.subarray(0, TELLING_BYTES))
  if (text.startsWith('\xff\xd8\xff') || text.startsWith('\x89PNG\r\n\x1a\n')) return null
  const format = FORMATS.find(({ begins }) => begins(text))
  return format === undefined
    ? { reason: 'It is neither a JPEG nor a PNG.', remedy: 'Choose a JPEG or a PNG.' }
    : { reason: `It is ${format.name}, neither a JPEG nor a PNG.`, remedy: format.remedy }
}
