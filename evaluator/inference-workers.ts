import { fileURLToPath } from 'node:url'
import type { ExecutionProvider } from '#lib/model/evaluator/evaluator-contract.ts'
import type { WorkerOptions } from '#lib/platform/process-pool/pool-worker.ts'
import { type EvaluatorSettings, workerEnvironment } from './env.ts'
import type { WorkerSettings } from './worker-tasks.ts'

/** Models that are kept may take so much of the memory; the next one and an image need room beside them. */
const SESSION_SHARE = 4

/** How the inference children are started. */
export function inferenceWorkers(
  settings: EvaluatorSettings,
  provider: ExecutionProvider,
  privateFolder: string,
): WorkerOptions {
  const workerSettings: WorkerSettings = {
    privateFolder,
    provider,
    controlFlow: settings.controlFlow,
    sessionBudgetBytes: settings.workerMemoryBytes / SESSION_SHARE,
  }
  return {
    script: fileURLToPath(new URL('./worker.ts', import.meta.url)),
    settings: workerSettings,
    memoryLimitBytes: settings.workerMemoryBytes,
    environment: workerEnvironment(),
  }
}
