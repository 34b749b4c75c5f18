import { ServiceError } from '#lib/platform/errors.ts'
import { resolveFolderApart } from '#lib/platform/object-store/folder-processes.ts'
import {
  formatLocation,
  type Location,
  locationBelow,
  parseLocation,
  resolveLocation,
  type S3Location,
} from '#lib/platform/object-store/location.ts'
import type { ObjectStore } from '#lib/platform/object-store/object-store.ts'
import type { openObjectStore } from '#lib/platform/object-store/open.ts'

/** Where datasets may come from: the service's own object store, the allowed folders, and how a store is opened. */
export type DatasetSources = {
  objectStore: ObjectStore
  datasetRoots: readonly string[]
  openStore: typeof openObjectStore
}

type Located = { name: string; location: string | null }

function unacceptable(message: string, code: string): ServiceError {
  return new ServiceError('UNPROCESSABLE', message, { code })
}

/** The folder with all links resolved; refused unless it then lies within a root. Says nothing about other folders. */
async function resolveWithin(folder: string, roots: readonly string[]): Promise<string> {
  const resolved = await resolveFolderApart(folder, roots)
  if ('folder' in resolved) return resolved.folder
  switch (resolved.fault) {
    case 'not-a-folder':
      throw unacceptable(`${folder} is not a folder.`, 'LOCATION_NOT_FOUND')
    case 'missing':
      throw unacceptable(`There is no folder ${folder}.`, 'LOCATION_NOT_FOUND')
    case 'outside':
      throw unacceptable(
        `The folder ${folder} lies outside the folders from which datasets may be registered (DATASET_ROOTS).`,
        'LOCATION_OUTSIDE_ROOTS',
      )
  }
}

/**
 * Refuses a location that may not be used; buckets are not asked, the scan shows whether they answer.
 * A stated endpoint must be the one of the own store: requests to it carry our signature.
 */
export async function assertUsableLocation(sources: DatasetSources, text: string): Promise<Location> {
  const location = parseLocation(text)
  if (location.kind === 'folder') {
    await resolveWithin(location.folder, sources.datasetRoots)
  } else assertOwnEndpoint(sources, location)
  return location
}

function assertOwnEndpoint(sources: DatasetSources, location: S3Location): void {
  if (location.endpoint === null) return
  const own = parseLocation(sources.objectStore.location)
  if (own.kind === 's3' && own.endpoint === location.endpoint) return
  throw unacceptable(
    'A dataset is read from the server of OBJECT_STORE_URL: leave the endpoint out.',
    'ENDPOINT_NOT_ALLOWED',
  )
}

/** Opens the store that holds a dataset's images, its keys relative to the dataset; the caller closes it. */
export async function openDatasetStore(sources: DatasetSources, dataset: Located): Promise<ObjectStore> {
  const own = parseLocation(sources.objectStore.location)
  if (dataset.location === null) {
    const below = locationBelow(own, `datasets/${dataset.name}`)
    // Its folder is made when needed, but not above it: an own store that is away (unmounted) must not be made anew.
    if (own.kind === 'folder') await sources.objectStore.check()
    return sources.openStore(formatLocation(below), { create: true })
  }
  const location = parseLocation(dataset.location)
  if (location.kind === 'folder') {
    const folder = await resolveWithin(location.folder, sources.datasetRoots)
    const url = formatLocation({ kind: 'folder', folder })
    return sources.openStore(url, { resolved: true, apartFor: location.folder })
  }
  assertOwnEndpoint(sources, location)
  return sources.openStore(formatLocation(resolveLocation(location, own)))
}

/** How the evaluator finds an image: `location` null is the service's own store. */
export function imageSourceOf(
  sources: Pick<DatasetSources, 'objectStore'>,
  dataset: Located,
  objectKey: string,
): { location: string | null; key: string } {
  if (dataset.location === null) return { location: null, key: `datasets/${dataset.name}/${objectKey}` }
  const own = parseLocation(sources.objectStore.location)
  return { location: formatLocation(resolveLocation(parseLocation(dataset.location), own)), key: objectKey }
}
