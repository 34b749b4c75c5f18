import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openObjectStore } from '#lib/platform/object-store/open.ts'
import { openDatasetStore } from './sources.ts'

let work: string
beforeEach(() => {
  work = mkdtempSync(path.join(tmpdir(), 'sr-sources-'))
})
afterEach(() => rmSync(work, { recursive: true, force: true }))

describe('the store of uploaded images', () => {
  const uploaded = { name: 'up', location: null }
  const sources = () => {
    const objectStore = openObjectStore(`file:${work}/objects`)
    return { objectStore, datasetRoots: [], openStore: openObjectStore }
  }

  it('makes its folder in the own store', async () => {
    mkdirSync(`${work}/objects`)
    const store = await openDatasetStore(sources(), uploaded)
    await store.put('lung-normal/a.jpg', Buffer.from('x'))
    expect(existsSync(`${work}/objects/datasets/up/lung-normal/a.jpg`)).toBe(true)
  })
  it('is away while the own store is, and does not make that anew', async () => {
    await expect(openDatasetStore(sources(), uploaded)).rejects.toMatchObject({ kind: 'UNAVAILABLE' })
    expect(existsSync(`${work}/objects`)).toBe(false)
  })
})
