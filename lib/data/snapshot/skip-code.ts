/** Why a file that the scan saw is not an image of the snapshot. */
export type SkipCode =
  /** A symbolic link: never followed. */
  | 'LINK'
  /** A pipe, device or socket. */
  | 'SPECIAL_FILE'
  /** A name that no key may have: not UTF-8, with a backslash, or longer than 1024 bytes. */
  | 'BAD_NAME'
  /** An empty object that stands for a folder in a bucket. */
  | 'FOLDER_OBJECT'
  /** `.DS_Store`, `Thumbs.db`, `._x`, `__MACOSX/` and their like. */
  | 'SYSTEM_FILE'
  | 'HIDDEN_FILE'
  /** Beside the folders of the finding classes instead of in one. */
  | 'NO_FINDING_CLASS'
  /** Deeper than `<finding class>/<file>`. */
  | 'NESTED'
  | 'EMPTY_FILE'
  | 'TOO_LARGE'
  | 'NOT_AN_IMAGE'
  | 'CORRUPT_HEADER'
  | 'ANIMATED_NOT_SUPPORTED'
  /** The store refuses to show it. */
  | 'UNREADABLE'
  /** Deleted between listing and reading. */
  | 'NOT_FOUND'
  | 'CHANGED_DURING_SCAN'
  /** The same bytes are in the snapshot under a smaller key of the same finding class. */
  | 'DUPLICATE'
  /** The same bytes stand in several finding classes: the snapshot failed. */
  | 'LABEL_CONFLICT'

/** Why an upload did not store a file that a scan would have taken: other bytes have its name. */
export type UploadSkipCode = 'EXISTS'
