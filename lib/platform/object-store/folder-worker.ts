import { ServiceError } from '#lib/platform/errors.ts'
import type { FolderCalls, FolderMessage, FolderRequest } from './folder-calls.ts'
import { FolderStore, type FolderStoreOptions } from './folder-store.ts'
import type { StoredObject } from './object-store.ts'
import { resolveFolder } from './resolve-folder.ts'

/**
 * The child process of `FolderProcess`: a file system that hangs holds the threads of this process and of no other.
 */

/** Objects of one step of a listing. */
const STEP = 250
const PROGRESS_EVERY_MS = 1_000

const stores = new Map<string, FolderStore>()
const listings = new Map<string, AsyncIterator<StoredObject>>()

// Not `exit`: that waits for the threads, and those wait for the file system.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
// A terminal's Ctrl-C reaches the whole process group; the parent decides when this process is over.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {})
process.on('message', async (message) => {
  const request = message as FolderRequest
  const { id } = request
  try {
    tell({ type: 'value', id, value: await answer(request, () => tell({ type: 'progress', id })) })
  } catch (error) {
    tell(
      error instanceof ServiceError
        ? { type: 'refusal', id, kind: error.kind, code: error.code, message: error.message }
        : { type: 'fault', id, message: error instanceof Error ? error.message : String(error) },
    )
  }
})
tell({ type: 'ready' })

function tell(message: FolderMessage): void {
  if (process.connected) process.send?.(message)
}

async function answer(
  { folder, options, call }: FolderRequest,
  onProgress: () => void,
): Promise<FolderCalls[keyof FolderCalls]['value']> {
  const store = storeOf(folder, options)
  switch (call.name) {
    case 'resolve':
      return await resolveFolder(folder, call.input.roots)
    case 'get': {
      const { key, maxBytes } = call.input
      return await store.get(key, { ...(maxBytes === undefined ? {} : { maxBytes }), onProgress })
    }
    case 'getRange':
      return await store.getRange(call.input.key, call.input.start, call.input.end, { onProgress })
    case 'digest':
      return await store.digest(call.input.key, { ...call.input, onProgress })
    case 'find':
      return await store.find(call.input.key)
    case 'list':
      return await listStep(store, call.input, onProgress)
    case 'endList':
      await listings.get(call.input.listing)?.return?.()
      listings.delete(call.input.listing)
      return null
    case 'check':
      await store.check()
      return null
  }
}

function storeOf(folder: string, options: FolderStoreOptions): FolderStore {
  const name = JSON.stringify([folder, options])
  const store = stores.get(name) ?? new FolderStore(folder, options)
  stores.set(name, store)
  return store
}

async function listStep(
  store: FolderStore,
  { listing, prefix, isFirst }: FolderCalls['list']['input'],
  onProgress: () => void,
): Promise<FolderCalls['list']['value']> {
  const iterator = isFirst ? store.list(prefix)[Symbol.asyncIterator]() : listings.get(listing)
  if (iterator === undefined) throw new ServiceError('UNAVAILABLE', 'The listing ended with its process.')
  listings.set(listing, iterator)
  const objects: StoredObject[] = []
  let isLast = false
  let saidAt = performance.now()
  try {
    while (objects.length < STEP && !isLast) {
      const next = await iterator.next()
      if (next.done === true) isLast = true
      else objects.push(next.value)
      if (performance.now() - saidAt < PROGRESS_EVERY_MS) continue
      onProgress() // a slow folder is no folder that hangs
      saidAt = performance.now()
    }
  } catch (error) {
    listings.delete(listing)
    throw error
  }
  if (isLast) listings.delete(listing)
  return { objects, isLast }
}
