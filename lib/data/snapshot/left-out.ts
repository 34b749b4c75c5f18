import { counted } from '#lib/vocabulary/counted.ts'
import type { LeftOut } from './schema.ts'
import type { SkipCode, UploadSkipCode } from './skip-code.ts'

/** What a file is that was left out, after its number: `8 deeper than …`. */
const IN_WORDS: Readonly<Partial<Record<SkipCode | UploadSkipCode, string>>> = {
  LINK: 'symbolic links',
  SPECIAL_FILE: 'pipes, devices or sockets',
  BAD_NAME: 'with a name that cannot be used',
  NO_FINDING_CLASS: 'beside the folders of the finding classes',
  NESTED: 'deeper than <finding class>/<file>',
  EMPTY_FILE: 'empty',
  TOO_LARGE: 'too large',
  NOT_AN_IMAGE: 'neither JPEG nor PNG',
  CORRUPT_HEADER: 'damaged',
  ANIMATED_NOT_SUPPORTED: 'animated',
  UNREADABLE: 'not readable by the service',
  NOT_FOUND: 'deleted during the scan',
  CHANGED_DURING_SCAN: 'changed during the scan',
  SYSTEM_FILE: 'left there by an operating system',
  HIDDEN_FILE: 'hidden',
  FOLDER_OBJECT: 'standing for folders in a bucket',
  EXISTS: 'under the name of another image',
}
const ONE_IN_WORDS: Readonly<Partial<Record<SkipCode, string>>> = {
  LINK: 'symbolic link',
  SPECIAL_FILE: 'pipe, device or socket',
}

/** The sentence for people; null where nothing was left out. */
export function describeLeftOut(leftOut: LeftOut): string | null {
  const total = leftOut.reduce((sum, { count }) => sum + count, 0)
  if (total === 0) return null
  const kinds = leftOut.map(({ code, count }) => `${count.toLocaleString('en-GB')} ${inWords(code, count)}`)
  return `${counted(total, 'file')} of the dataset ${total === 1 ? 'was' : 'were'} left out: ${kinds.join(', ')}.`
}

function inWords(code: string, count: number): string {
  const words = { ...IN_WORDS, ...(count === 1 ? ONE_IN_WORDS : {}) }
  return Object.hasOwn(words, code) ? String(words[code as SkipCode]) : code
}
