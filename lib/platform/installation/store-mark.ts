import { formatMark, type InstallationMark, MARK_NAME, parseMark } from '#db/installation-mark.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { ObjectStore } from '#lib/platform/object-store/object-store.ts'
import { isStoreAway } from '#lib/platform/object-store/store-gate.ts'

const MAX_BYTES = 4_096

/** What an object store says of its installation; `away` where it cannot be asked now. */
export type StoreMark = 'away' | 'none' | InstallationMark

/** The folder of the object store hangs, on which web would hang too: a text for the operator. */
export class StoreHangs extends Error {}

export async function readStoreMark(store: ObjectStore): Promise<StoreMark> {
  try {
    await store.check()
    const bytes = await store.get(MARK_NAME, { maxBytes: MAX_BYTES })
    const mark = parseMark(bytes.toString('utf8'))
    if (mark === null)
      throw new Error(
        `${MARK_NAME} in ${store.location} is damaged: put it back from a backup, or remove it.`,
      )
    return mark
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
    if (isStoreAway(error) && store.location.startsWith('file:'))
      throw new StoreHangs(
        `${store.location} does not answer: see to its disk or share, or name another store, and start again.`,
      )
    return error.kind === 'NOT_FOUND' ? 'none' : 'away'
  }
}

/** A store that takes nothing now gets its mark at the next start: health names it meanwhile. */
export async function writeStoreMark(store: ObjectStore, mark: InstallationMark): Promise<void> {
  try {
    await store.put(MARK_NAME, Buffer.from(formatMark(mark)), { contentType: 'application/json' })
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
  }
}
