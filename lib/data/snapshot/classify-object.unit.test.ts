import { expect, test } from 'vitest'
import type { StoredObject } from '#lib/platform/object-store/object-store.ts'
import { classifyObject, MAX_IMAGE_BYTES } from './classify-object.ts'

function stored(key: string, change: Partial<StoredObject> = {}): StoredObject {
  return { key, sizeBytes: 10, revision: '1', kind: 'object', ...change }
}

test.each([
  ['lung-covid/a.jpg', 'lung-covid', 'a.jpg'],
  ['__proto__/constructor', '__proto__', 'constructor'],
  ["=cmd|' calc'!A0/a b+c#d%2F.png", "=cmd|' calc'!A0", 'a b+c#d%2F.png'],
  ['e\u0301/u\u0308.png', '\u00e9', '\u00fc.png'],
])('files %j under its folder', (key, findingClass, fileName) => {
  expect(classifyObject(stored(key))).toMatchObject({
    key: `${findingClass}/${fileName}`,
    findingClass,
    fileName,
  })
})

test.each([
  ['SYSTEM_FILE', stored('c/.DS_Store')],
  ['SYSTEM_FILE', stored('c/Thumbs.db')],
  ['SYSTEM_FILE', stored('c/._a.jpg')],
  ['SYSTEM_FILE', stored('__MACOSX/c/a.jpg')],
  ['LINK', stored('c/a.jpg', { kind: 'link' })],
  ['SPECIAL_FILE', stored('c/pipe', { kind: 'special' })],
  ['BAD_NAME', stored('c/latin-\uFFFD.jpg', { kind: 'special' })],
  ['BAD_NAME', stored('c/back\\slash.jpg', { kind: 'special' })],
  ['BAD_NAME', stored(`c/${'x'.repeat(1023)}`, { kind: 'special' })],
  ['FOLDER_OBJECT', stored('c/', { kind: 'special', sizeBytes: 0 })],
  ['HIDDEN_FILE', stored('c/.a.jpg')],
  ['HIDDEN_FILE', stored('.cache/a.jpg')],
  ['NO_FINDING_CLASS', stored('a.jpg')],
  ['NESTED', stored('c/d/a.jpg')],
  ['EMPTY_FILE', stored('c/a.jpg', { sizeBytes: 0 })],
  ['TOO_LARGE', stored('c/a.jpg', { sizeBytes: MAX_IMAGE_BYTES + 1 })],
])('skips as %s', (code, object) => {
  expect(classifyObject(object)).toBe(code)
})
