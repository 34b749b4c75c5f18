import { LRUCache } from 'lru-cache'
import { resolveFolderApart } from '#lib/platform/object-store/folder-processes.ts'
import {
  formatLocation,
  type Location,
  parseLocation,
  resolveLocation,
} from '#lib/platform/object-store/location.ts'
import type { ObjectStore } from '#lib/platform/object-store/object-store.ts'
import { openObjectStore } from '#lib/platform/object-store/open.ts'
import { ImageUnavailable } from './image-unavailable.ts'

/** A dataset has one location, and a run one dataset. */
const KEPT_STORES = 32
/** The images of a run follow each other; that the folder has not become a link is looked at with each of them. */
const RESOLVED_MILLISECONDS = 1_000

/**
 * Opens the places of images that requests name: folders inside the dataset roots, and buckets of the server that
 * our own store lives on. Anything else is UNREACHABLE, whether it exists or not.
 */
export class ImageLocations {
  private readonly ownStore: ObjectStore
  private readonly ownLocation: Location
  private readonly datasetRoots: readonly string[]
  private readonly stores = new LRUCache<string, ObjectStore>({
    max: KEPT_STORES,
    dispose: (store) => void store.close(),
  })
  private resolved: { text: string; until: number; target: Location } | undefined

  constructor(ownStore: ObjectStore, ownUrl: string, datasetRoots: readonly string[]) {
    this.ownStore = ownStore
    this.ownLocation = parseLocation(ownUrl)
    this.datasetRoots = datasetRoots
  }

  /** The store of a location; null is our own. Throws `ImageUnavailable`. */
  async open(location: string | null): Promise<ObjectStore> {
    if (location === null) return this.ownStore
    const target = await this.resolve(location)
    const url = formatLocation(target)
    const store = this.stores.get(url) ?? openObjectStore(url, { resolved: true, ...apartFor(location) })
    this.stores.set(url, store)
    return store
  }

  async close(): Promise<void> {
    for (const store of this.stores.values()) await store.close()
  }

  private async resolve(text: string): Promise<Location> {
    const now = performance.now()
    if (this.resolved?.text === text && now < this.resolved.until) return this.resolved.target
    const target = await this.resolveNow(text)
    this.resolved = { text, until: now + RESOLVED_MILLISECONDS, target }
    return target
  }

  private async resolveNow(text: string): Promise<Location> {
    const location = this.parse(text)
    if (location.kind === 's3') {
      const resolved = resolveLocation(location, this.ownLocation)
      const own = this.ownLocation
      // An endpoint of the caller's choice would let a request make us connect anywhere.
      if (location.endpoint !== null && (own.kind !== 's3' || own.endpoint !== location.endpoint))
        throw unreachable()
      return resolved
    }
    const resolved = await resolveFolderApart(location.folder, this.datasetRoots)
    if ('fault' in resolved) throw unreachable()
    return { kind: 'folder', folder: resolved.folder }
  }

  private parse(text: string): Location {
    try {
      return parseLocation(text)
    } catch {
      throw unreachable()
    }
  }
}

/** A folder has a process of its own, by the name that requests have for it. */
function apartFor(text: string): { apartFor?: string } {
  const location = parseLocation(text)
  return location.kind === 'folder' ? { apartFor: location.folder } : {}
}

function unreachable(): ImageUnavailable {
  return new ImageUnavailable('UNREACHABLE', 'the evaluator has no access to this location; send the bytes')
}
