import { type DatasetSources, openDatasetStore } from '#lib/data/dataset-source/sources.ts'
import { classifyObject } from '#lib/data/snapshot/classify-object.ts'
import { explainNothingTaken } from '#lib/data/snapshot/nothing-taken.ts'
import { isHarmlessSkip } from '#lib/data/snapshot/skip-explanation.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { NO_SUCH_BUCKET } from '#lib/platform/object-store/s3-error.ts'

/** Enough to list some ten thousand files or a few pages of a bucket; the caller waits for it. */
const PEEK_MS = 1000

/**
 * The finding classes that a dataset shows at a glance, from names alone. A big one may have more of them: the scan
 * that follows sees all. `emptiness` says why it has no images, and only when the whole of it was listed.
 */
export async function peekAtClasses(
  sources: DatasetSources,
  dataset: { name: string; location: string | null },
): Promise<{ emptiness: string | null; findingClasses: string[] }> {
  const begun = performance.now()
  const findingClasses = new Set<string>()
  const leftOut: { file: string; code: string }[] = []
  let cut = false
  const store = await openDatasetStore(sources, dataset)
  try {
    for await (const object of store.list()) {
      const kind = classifyObject(object)
      if (typeof kind !== 'string') findingClasses.add(kind.findingClass)
      else if (!isHarmlessSkip(kind)) leftOut.push({ file: object.key, code: kind })
      cut = performance.now() - begun > PEEK_MS
      if (cut) break
    }
  } catch (error) {
    throw explain(error, dataset)
  } finally {
    await store.close()
  }
  const isEmpty = findingClasses.size === 0 && !cut
  return {
    emptiness: isEmpty ? describeEmptiness(dataset, leftOut) : null,
    findingClasses: [...findingClasses].sort(),
  }
}

function describeEmptiness(
  { name, location }: { name: string; location: string | null },
  leftOut: readonly { file: string; code: string }[],
): string {
  if (location === null && leftOut.length === 0)
    return `The dataset ${name} has no images. Upload some first.`
  return `The dataset ${name} has no images${location === null ? '' : ` in ${location}`}. ${explainNothingTaken(leftOut)}`
}

/** A bucket that a dataset names and that is not there is the dataset's fault; that of the own store is an outage. */
function explain(error: unknown, dataset: { location: string | null }): unknown {
  const wrongName =
    error instanceof ServiceError && error.code === NO_SUCH_BUCKET && dataset.location !== null
  return wrongName
    ? new ServiceError('UNPROCESSABLE', error.message, { code: 'LOCATION_NOT_FOUND', cause: error })
    : error
}
