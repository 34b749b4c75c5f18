import type { RunChoices } from '../list-run-choices.ts'
import { unknownClasses } from './unknown-classes.ts'

type Wanted = { version: string | null; dataset: string | null }

/** What most evaluations are of. */
const USUAL_DATASET = 'final_eval'

/**
 * What the form begins with: what the address names, and beside it what fits: the newest version that knows each
 * finding class, a dataset whose finding classes are all known.
 */
export function suggestPair(
  { versions, datasets }: RunChoices,
  wanted: Wanted,
): { versionId: string | null; datasetName: string | null } {
  const named = datasets.find(({ name }) => name === wanted.dataset)
  const version =
    versions.find(({ id }) => id === wanted.version) ??
    versions.find((each) => unknownClasses(each, named).length === 0) ??
    versions[0]
  const fitting = datasets.filter(
    (each) => each.findingClasses.length > 0 && unknownClasses(version, each).length === 0,
  )
  const suggested = fitting.find(({ name }) => name === USUAL_DATASET) ?? fitting[0]
  return {
    versionId: version?.id ?? null,
    datasetName: (wanted.dataset === null ? suggested : named)?.name ?? null,
  }
}
