import { openObjectStore } from '#lib/platform/object-store/open.ts'
import type { Service } from '#lib/platform/service/service.ts'
import type { DatasetSources } from './sources.ts'

/** Where this service's datasets may come from. */
export function sourcesOf({
  objectStore,
  settings,
}: Pick<Service, 'objectStore' | 'settings'>): DatasetSources {
  return { objectStore, datasetRoots: settings.datasetRoots, openStore: openObjectStore }
}
