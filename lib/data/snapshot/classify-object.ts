import { findKeyFault } from '#lib/platform/object-store/object-key.ts'
import type { StoredObject } from '#lib/platform/object-store/object-store.ts'
import type { SkipCode } from './skip-code.ts'
import { isSystemName } from './system-name.ts'

export type Candidate = {
  object: StoredObject
  /** `<finding class>/<file>`, NFC. */
  key: string
  findingClass: string
  fileName: string
}

/** Above this nothing is a radiograph. */
export const MAX_IMAGE_BYTES = 256 * 1024 * 1024

/** Bytes that are not UTF-8 are listed as U+FFFD. */
function isKey(name: string): boolean {
  return findKeyFault(name) === null && !name.includes('\uFFFD')
}

/** What a listed object is by its name, kind and size alone: a candidate for an image, or skipped. */
export function classifyObject(object: StoredObject): Candidate | SkipCode {
  const segments = object.key.split('/')
  if (segments.some(isSystemName)) return 'SYSTEM_FILE'
  if (object.kind === 'link') return 'LINK'
  if (object.kind === 'special') {
    if (object.key.endsWith('/') && object.sizeBytes === 0) return 'FOLDER_OBJECT'
    return isKey(object.key) ? 'SPECIAL_FILE' : 'BAD_NAME'
  }
  if (segments.some((segment) => segment.startsWith('.'))) return 'HIDDEN_FILE'
  const [findingClass, fileName, ...deeper] = segments.map((segment) => segment.normalize('NFC'))
  if (findingClass === undefined || fileName === undefined) return 'NO_FINDING_CLASS'
  if (deeper.length > 0) return 'NESTED'
  if (object.sizeBytes === 0) return 'EMPTY_FILE'
  if (object.sizeBytes > MAX_IMAGE_BYTES) return 'TOO_LARGE'
  return { object, key: `${findingClass}/${fileName}`, findingClass, fileName }
}
