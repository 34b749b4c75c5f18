import { type DatasetSources, openDatasetStore } from '#lib/data/dataset-source/sources.ts'
import { classifyObject } from '#lib/data/snapshot/classify-object.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { NO_SUCH_BUCKET } from '#lib/platform/object-store/s3-error.ts'

/** Enough to list some ten thousand files or a few pages of a bucket; the caller waits for it. */
const PEEK_MS = 1000

/**
 * The finding classes that a dataset shows at a glance, from names alone. A big one may have more of them: the scan
 * that follows sees all. `isEmpty` only when the whole of it was listed.
 */
export async function peekAtClasses(
  sources: DatasetSources,
  dataset: { name: string; location: string | null },
): Promise<{ isEmpty: boolean; findingClasses: string[] }> {
  const begun = performance.now()
  const findingClasses = new Set<string>()
  let cut = false
  const store = await openDatasetStore(sources, dataset)
  try {
    for await (const object of store.list()) {
      const kind = classifyObject(object)
      if (typeof kind !== 'string') findingClasses.add(kind.findingClass)
      cut = performance.now() - begun > PEEK_MS
      if (cut) break
    }
  } catch (error) {
    throw explain(error, dataset)
  } finally {
    await store.close()
  }
  return { isEmpty: findingClasses.size === 0 && !cut, findingClasses: [...findingClasses].sort() }
}

/** A bucket that a dataset names and that is not there is the dataset's fault; that of the own store is an outage. */
function explain(error: unknown, dataset: { location: string | null }): unknown {
  const wrongName =
    error instanceof ServiceError && error.code === NO_SUCH_BUCKET && dataset.location !== null
  return wrongName
    ? new ServiceError('UNPROCESSABLE', error.message, { code: 'LOCATION_NOT_FOUND', cause: error })
    : error
}
