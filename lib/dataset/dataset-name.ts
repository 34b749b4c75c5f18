import { ServiceError } from '#lib/errors.ts'

/** Names become folders, URL segments and metric labels: letters, digits, `.`, `_`, `-`, not first a sign. */
const DATASET_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

export function assertDatasetName(name: string): void {
  if (DATASET_NAME.test(name)) return
  throw new ServiceError(
    'BAD_REQUEST',
    'A dataset name has 1 to 100 letters, digits, dots, underscores and hyphens, the first a letter or digit.',
    { code: 'BAD_NAME' },
  )
}
