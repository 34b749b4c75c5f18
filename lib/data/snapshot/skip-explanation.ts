import type { SkipExplanation } from './schema.ts'
import type { SkipCode, UploadSkipCode } from './skip-code.ts'

const NOTHING_TO_DO = 'Nothing: such a file is no image.'

const EXPLANATIONS: Readonly<Record<SkipCode | UploadSkipCode, SkipExplanation>> = {
  LINK: {
    reason: 'It is a symbolic link, and links are never followed.',
    remedy: 'Put the image itself where the link is.',
  },
  SPECIAL_FILE: {
    reason: 'It is a pipe, device or socket.',
    remedy: 'Put a plain file there.',
  },
  BAD_NAME: {
    reason: 'Its name is not UTF-8, has a backslash in it, or is too long with its folders.',
    remedy: 'Give it a plain name.',
  },
  FOLDER_OBJECT: {
    reason: 'It is the empty object that stands for a folder in a bucket.',
    remedy: NOTHING_TO_DO,
  },
  SYSTEM_FILE: {
    reason: 'An operating system or an archive program left it there (.DS_Store, Thumbs.db and their like).',
    remedy: NOTHING_TO_DO,
  },
  HIDDEN_FILE: {
    reason: 'Its name begins with a dot, so it is hidden.',
    remedy: 'If it is an image, give it a name that does not begin with a dot.',
  },
  NO_FINDING_CLASS: {
    reason: 'It lies beside the folders of the finding classes instead of in one.',
    remedy: 'Move it into the folder of its finding class.',
  },
  NESTED: {
    reason: 'It lies deeper than <finding class>/<file>.',
    remedy: 'Move it up, directly into the folder of its finding class.',
  },
  EMPTY_FILE: { reason: 'The file has no bytes.', remedy: 'Copy the image again.' },
  TOO_LARGE: {
    reason: 'The file is larger than an image may be.',
    remedy: 'Store the image in a smaller file.',
  },
  NOT_AN_IMAGE: {
    reason: 'Its first bytes are neither those of a JPEG nor of a PNG, whatever its name says.',
    remedy: 'Convert it to JPEG or PNG, or remove it.',
  },
  CORRUPT_HEADER: {
    reason: 'It begins like an image, but its header cannot be understood.',
    remedy: 'Export or copy the image again.',
  },
  ANIMATED_NOT_SUPPORTED: {
    reason: 'It is an animation: there is no telling which of its pictures is meant.',
    remedy: 'Store the one picture that is meant.',
  },
  UNREADABLE: {
    reason: 'The service may not open it.',
    remedy: 'Give the account that the service runs as the right to read it.',
  },
  NOT_FOUND: {
    reason: 'It was deleted between being listed and being opened.',
    remedy: 'Scan again.',
  },
  CHANGED_DURING_SCAN: {
    reason: 'It changed while it was being read.',
    remedy: 'Scan again when nothing writes there any more.',
  },
  DUPLICATE: {
    reason: 'The same bytes are in the snapshot already, in the same finding class: they count once.',
    remedy: 'Nothing, or delete one of the copies.',
  },
  LABEL_CONFLICT: {
    reason: 'The same bytes lie in several finding classes, so one of the classes is wrong.',
    remedy: 'Keep the image in the right class only, or scan with label conflicts allowed.',
  },
  EXISTS: {
    reason: 'The dataset has another image under this name in this finding class, and nothing is replaced.',
    remedy: 'Give the image another name.',
  },
}

/** No action needed: operating systems leave such files in many folders. */
const HARMLESS: ReadonlySet<string> = new Set<SkipCode>([
  'FOLDER_OBJECT',
  'SYSTEM_FILE',
  'HIDDEN_FILE',
  'DUPLICATE',
])

/** Reason and remedy in plain words; a code that only an older release wrote has neither. */
export function explainSkip(code: string): SkipExplanation {
  return Object.hasOwn(EXPLANATIONS, code)
    ? EXPLANATIONS[code as SkipCode | UploadSkipCode]
    : { reason: `It was skipped with the code ${code}.`, remedy: 'Scan again.' }
}

/** True of a skipped file that no metric misses. */
export function isHarmlessSkip(code: string): boolean {
  return HARMLESS.has(code)
}
