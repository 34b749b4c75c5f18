import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { ServiceError } from '#lib/platform/errors.ts'
import { FolderStore } from '#lib/platform/object-store/folder-store.ts'
import { STORE_AWAY } from '#lib/platform/object-store/store-gate.ts'
import { readStoreMark, StoreHangs } from './store-mark.ts'

/** A folder that hangs, as its gate tells of it. */
class HangingStore extends FolderStore {
  override async check(): Promise<void> {
    throw new ServiceError('UNAVAILABLE', 'The folder did not answer within 10 s.', { code: STORE_AWAY })
  }
}

it('refuses a folder that hangs by its name, and takes one that is missing for away', async () => {
  await expect(readStoreMark(new HangingStore('/share'))).rejects.toThrow(
    new StoreHangs(
      'file:/share does not answer: see to its disk or share, or name another store, and start again.',
    ),
  )
  expect(await readStoreMark(new FolderStore('/nowhere/at/all'))).toBe('away')
  const folder = await mkdtemp(`${tmpdir()}/sr-mark-`)
  expect(await readStoreMark(new FolderStore(folder))).toBe('none')
  await rm(folder, { recursive: true })
})
