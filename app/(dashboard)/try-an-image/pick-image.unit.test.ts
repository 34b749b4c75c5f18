import { expect, it } from 'vitest'
import { pickImage } from './pick-image.ts'

const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0])
const LIMIT = 1000
const png = new File([PNG], 'lung.png')
const pick = async (files: File[]) => {
  const picked = await pickImage(files, LIMIT)
  return 'file' in picked ? picked.file.name : `${picked.fault.title}: ${picked.fault.reason}`
}

it('takes a single image', async () => {
  expect(await pick([png])).toBe('lung.png')
})

it.each([
  ['nothing', [], /^No image/],
  ['several files', [png, png], /^2 files at once/],
  ['an empty file', [new File([], 'empty.png')], /^empty.png .* no bytes/],
  ['a text', [new File(['hello'], 'notes.png')], /neither a JPEG nor a PNG/],
  ['too much', [new File([new Uint8Array(1001)], 'huge.png')], /^huge.png .*1.0 kB; .* 1.0 kB/],
])('says of %s what is wrong before anything is sent', async (_what, files, words) => {
  expect(await pick(files)).toMatch(words)
})

it('says of a folder, which a browser hands over as a file that cannot be opened, what it is', async () => {
  const folder = new File([PNG], 'lungs')
  folder.slice = () => Object.assign(new Blob(), { arrayBuffer: () => Promise.reject(new Error('NotFound')) })
  expect(await pick([folder])).toContain('It is a folder')
})
