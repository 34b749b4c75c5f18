import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { PYTHON } from '#tests/support/test-models.ts'

export type SeedResult = {
  seconds: number
  /** Of all threads together. */
  cpuSeconds: number
  /** By image key, in the model's class order. */
  probabilities: Record<string, number[]>
  versions: Record<string, string>
}

/** A dataset folder evaluated as the seed system did. */
export async function evaluateSeedWay(modelFile: string, folder: string): Promise<SeedResult> {
  const { stdout } = await promisify(execFile)(PYTHON, ['bench/evaluate/seed_way.py', modelFile, folder], {
    maxBuffer: 2 ** 28,
  })
  return JSON.parse(stdout) as SeedResult
}
