import { appendFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { startInstance } from './instance.ts'

/** A running service that the files of the API suite share; each works on datasets and versions of its own names. */
export type ApiSite = { url: string; apiKey: string; dataDir: string; root: string; outputFile: string }

declare module 'vitest' {
  interface ProvidedContext {
    apiSite: ApiSite
  }
}

/** Research data, which this repository does not hold. */
export const RADIOGRAPHS = path.resolve('../shared/xray')

/** Vitest's global set-up of the API suite. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const work = mkdtempSync(path.join(tmpdir(), 'sr-api-'))
  const outputFile = path.join(work, 'output')
  // The comma and the space of the name must not tear the list of roots apart.
  const root = mkdtempSync(path.join(work, 'datasets, '))
  const roots = [root.replaceAll(',', '\\,'), ...(existsSync(RADIOGRAPHS) ? [RADIOGRAPHS] : [])]
  const instance = await startInstance({
    env: { DATASET_ROOTS: roots.join(',') },
    onOutput: (text) => appendFileSync(outputFile, text),
  }).catch((error: unknown) => {
    rmSync(work, { recursive: true, force: true })
    throw error
  })
  const { url, apiKey, dataDir } = instance
  project.provide('apiSite', { url, apiKey, dataDir, root, outputFile })
  return async () => {
    await instance.stop()
    rmSync(work, { recursive: true, force: true })
  }
}
