import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { archiveDataset } from '#lib/data/dataset/archive.ts'
import { getDataset } from '#lib/data/dataset/queries.ts'
import { registerDataset } from '#lib/data/dataset/register.ts'
import { sourcesOf } from '#lib/data/dataset-source/service-sources.ts'
import { writeFirstCredentials } from '#lib/platform/auth/write-first-credentials.ts'
import { demoFolder } from '#lib/platform/env/demo-folder.ts'
import type { Service } from '#lib/platform/service/service.ts'
import { makePng } from '#tests/support/test-images.ts'
import { openTestService, type TestService } from '#tests/support/test-service.ts'
import { beginDemo } from './begin.ts'
import { createDemoRuns } from './create-runs.ts'
import { readDemoDeeds, recordDemoMilestone } from './history.ts'
import { demoContext } from './prepare.ts'
import { registerDemoDataset } from './register-dataset.ts'
import { getDemoState } from './state.ts'

let test: TestService
let service: Service
beforeEach(async () => {
  // The named root is elsewhere: the demo's own folder is allowed all the same.
  test = await openTestService({ DEMO: 'on', DATASET_ROOTS: '/nowhere' })
  service = test.service
})
afterEach(() => test.close())

function writeDataset(name: string): { name: string; folder: string } {
  const folder = demoFolder(service.settings.dataDir)
  const target = path.join(folder, name, 'lung-normal')
  mkdirSync(target, { recursive: true })
  writeFileSync(path.join(target, 'north-lung-normal-00001_1.png'), makePng({ width: 64, height: 64 }))
  return { name, folder }
}

const context = () => demoContext(service)
const register = (name: string) => registerDemoDataset(context(), sourcesOf(service), writeDataset(name))

describe('the demo', () => {
  it('is begun once, on a new database with the demo’s people', async () => {
    expect(await getDemoState(service)).toEqual({ state: 'off' })
    await writeFirstCredentials(service)
    expect(await beginDemo(context())).toEqual({ wanted: true, complete: false })
    expect(await getDemoState(service)).toMatchObject({ state: 'preparing' })
    await register('final_eval')
    expect(await beginDemo(context())).toEqual({ wanted: true, complete: false })
    await recordDemoMilestone(context(), 'complete')
    expect(await beginDemo(context())).toEqual({ wanted: true, complete: true })
    expect(await getDemoState(service)).toEqual({ state: 'ready' })
  })

  it('is not begun where a dataset exists already', async () => {
    await writeFirstCredentials(service)
    await registerDataset(context(), sourcesOf(service), { name: 'mine' })
    expect(await beginDemo(context())).toEqual({ wanted: false, complete: false })
    expect(await getDemoState(service)).toEqual({ state: 'off' })
  })

  it('is not begun on a database without the demo’s people', async () => {
    expect(await beginDemo(context())).toEqual({ wanted: false, complete: false })
  })

  it('registers its dataset with a snapshot, and remembers it when it was archived', async () => {
    expect(await register('val')).toBe(true)
    expect((await getDataset(context(), { name: 'val' })).lastSnapshot?.status).toBe('scanning')
    await archiveDataset(context(), { name: 'val' })
    expect((await readDemoDeeds(service.db)).datasets).toEqual(new Set(['val']))
  })

  it('leaves a name to the person who has taken it, and evaluates nothing on that dataset', async () => {
    const person = { ...context(), actor: { type: 'user' as const, id: 'u', name: 'u', roles: [] } }
    await registerDataset(person, sourcesOf(service), { name: 'final_eval' })
    expect(await register('final_eval')).toBe(false)
    const versionIds = ['00000000-0000-4000-8000-000000000000']
    await createDemoRuns(context(), sourcesOf(service), {
      dataset: 'final_eval',
      versionIds,
      evaluated: new Set(),
    })
    expect((await readDemoDeeds(service.db)).evaluated).toEqual(new Set())
  })
})
