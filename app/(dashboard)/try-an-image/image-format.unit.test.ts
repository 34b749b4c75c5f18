import { expect, it } from 'vitest'
import { unsuitableFormat } from './image-format.ts'

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))

it.each(['\xff\xd8\xff\xe0', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'])('takes a JPEG and a PNG', (text) => {
  expect(unsuitableFormat(bytes(text))).toBeNull()
})

it.each([
  ['DICOM', `${'\0'.repeat(128)}DICM`],
  ['GIF', 'GIF89a'],
  ['TIFF', 'II*\0\x08'],
  ['TIFF', 'MM\0*\0'],
  ['WebP', 'RIFF\x10\n\0\0WEBPVP8 '],
  ['BMP', 'BM6'],
  ['HEIC', '\0\0\0\x18ftypheic'],
  ['PDF', '%PDF-1.7'],
  ['.zip', 'PK\x03\x04'],
  ['neither a JPEG nor a PNG', 'hello'],
  ['neither a JPEG nor a PNG', ''],
])('names what else it is: %s', (named, text) => {
  expect(unsuitableFormat(bytes(text))?.reason).toContain(named)
})
