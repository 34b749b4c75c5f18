import { mkdtempSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { inject } from 'vitest'
import type { Instance } from './instance.ts'
import { isHealthy } from './instance.ts'

/** The service of the whole API suite, for a file that neither kills nor fills it and needs no settings of its own. */
export type SharedInstance = Pick<Instance, 'url' | 'apiKey' | 'dataDir' | 'isHealthy' | 'output'> & {
  /** A folder of this file's own from which it may register datasets; it goes with the instance. */
  work: string
}

export function shareInstance(): SharedInstance {
  const { url, apiKey, dataDir, root, outputFile } = inject('apiSite')
  const read = () => readFileSync(outputFile, 'utf8')
  const saidBefore = read().length
  return {
    url,
    apiKey,
    dataDir,
    work: mkdtempSync(path.join(root, 'file-')),
    isHealthy: () => isHealthy(url),
    /** What it has written since this file began. */
    output: () => read().slice(saidBefore),
  }
}
