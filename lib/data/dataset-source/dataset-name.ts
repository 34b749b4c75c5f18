import { ServiceError } from '#lib/platform/errors.ts'

/** Names become folders, URL segments and metric labels: letters, digits, `.`, `_`, `-`, not first a sign. */
const DATASET_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

const RULE =
  'A dataset name has 1 to 100 letters, digits, dots, underscores and hyphens, the first a letter or digit.'

/** Says what a dataset name must be, or null where this one is. */
export function findDatasetNameFault(name: string): string | null {
  return DATASET_NAME.test(name) ? null : RULE
}

export function assertDatasetName(name: string): void {
  const fault = findDatasetNameFault(name)
  if (fault !== null) throw new ServiceError('BAD_REQUEST', fault, { code: 'BAD_NAME' })
}
