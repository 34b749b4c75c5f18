import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import { type Database, openDatabase } from '#db/client.ts'
import { registerDataset } from '#lib/data/dataset/register.ts'
import type { DatasetSources } from '#lib/data/dataset-source/sources.ts'
import { createSnapshot } from '#lib/data/snapshot/create-snapshot.ts'
import { scanNextSnapshot } from '#lib/data/snapshot/scan.ts'
import type { SnapshotView } from '#lib/data/snapshot/schema.ts'
import { getSnapshot } from '#lib/data/snapshot/snapshot-queries.ts'
import { type Context, taskActor } from '#lib/platform/context.ts'
import type { ObjectStore } from '#lib/platform/object-store/object-store.ts'
import { openObjectStore } from '#lib/platform/object-store/open.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

/** A database, a folder for datasets and an own object store; stores can be watched, or made to fail. */
export type DatasetBench = {
  db: Database
  pool: Pool
  url: string
  folder: string
  sources: DatasetSources
  /** Keys that the dataset stores were asked to read. */
  reads: string[]
  /** Called before each read of a dataset's object; what it throws is what the store throws. */
  beforeRead: (key: string) => Promise<void>
  context: () => Context
  /** Writes files below `<folder>/<dataset>/` and registers that folder. */
  register: (
    name: string,
    files: Record<string, Uint8Array>,
    options?: { patientPattern?: string },
  ) => Promise<string>
  write: (name: string, files: Record<string, Uint8Array>) => Promise<void>
  /** Asks for a snapshot, lets the scan run, and shows what came of it. */
  scan: (name: string, options?: { allowLabelConflicts?: boolean }) => Promise<SnapshotView>
  /** Waits until the revisions of files just written can be trusted. */
  settle: () => Promise<void>
  close: () => Promise<void>
}

/** On a fresh database of the suite's own, unless given one, which it then closes at the end. */
export async function openDatasetBench(given?: TestDatabase): Promise<DatasetBench> {
  const folder = await mkdtemp(`${tmpdir()}/sr-datasets-`)
  await mkdir(`${folder}/roots`)
  const database = given ?? (await createTestDatabase())
  const { db, pool, close } = openDatabase(database.url)
  let time = Date.UTC(2026, 10, 1)

  const bench: DatasetBench = {
    db,
    pool,
    url: database.url,
    folder: `${folder}/roots`,
    reads: [],
    beforeRead: async () => undefined,
    sources: {
      objectStore: openObjectStore(`file:${folder}/own`, { create: true }),
      datasetRoots: [`${folder}/roots`],
      openStore: (url, options) => watch(bench, openObjectStore(url, options)),
    },
    context: () => {
      time += 1000
      return { db, actor: taskActor('test'), now: new Date(time), requestId: crypto.randomUUID() }
    },
    write: async (name, files) => {
      for (const [key, bytes] of Object.entries(files)) {
        const path = `${bench.folder}/${name}/${key}`
        await mkdir(dirname(path), { recursive: true })
        await writeFile(path, bytes)
      }
    },
    register: async (name, files, options = {}) => {
      await mkdir(`${bench.folder}/${name}`, { recursive: true })
      await bench.write(name, files)
      const location = `file:${bench.folder}/${name}`
      const dataset = await registerDataset(bench.context(), bench.sources, { name, location, ...options })
      return dataset.id
    },
    scan: async (name, options = {}) => {
      const { id } = await createSnapshot(bench.context(), { dataset: name, ...options })
      await scanNextSnapshot(bench.context(), bench.sources)
      return await getSnapshot(bench.context(), { dataset: name, id })
    },
    settle: () => sleep(250),
    close: async () => {
      await close()
      await database.close()
      await rm(folder, { recursive: true })
    },
  }
  return bench
}

function watch(bench: DatasetBench, store: ObjectStore): ObjectStore {
  const beforeRead = async (key: string): Promise<void> => {
    bench.reads.push(key)
    await bench.beforeRead(key)
  }
  return {
    location: store.location,
    get: async (key, options) => {
      await beforeRead(key)
      return await store.get(key, options)
    },
    getRange: async (key, start, end) => {
      await beforeRead(key)
      return await store.getRange(key, start, end)
    },
    digest: async (key, options) => {
      await beforeRead(key)
      return await store.digest(key, options)
    },
    put: (key, bytes, options) => store.put(key, bytes, options),
    find: (key) => store.find(key),
    list: (prefix) => store.list(prefix),
    delete: (key) => store.delete(key),
    check: () => store.check(),
    close: () => store.close(),
  }
}
