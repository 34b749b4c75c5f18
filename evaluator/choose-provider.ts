import { listSupportedBackends } from 'onnxruntime-node'
import type { ExecutionProvider } from '#lib/model/evaluator/evaluator-contract.ts'
import { ProcessPool } from '#lib/platform/process-pool/process-pool.ts'
import type { EvaluatorSettings } from './env.ts'
import { inferenceWorkers } from './inference-workers.ts'
import type { WorkerReply, WorkerTask } from './worker-tasks.ts'

const PROBE_SECONDS = 60

/**
 * The provider that works here, found by creating a session with it in a child: the runtime lists CUDA where it is
 * missing too. Decided once; from then on a failing provider is an error and never a silent change.
 */
export async function chooseProvider(
  settings: EvaluatorSettings,
  privateFolder: string,
): Promise<ExecutionProvider> {
  if (settings.provider === 'cpu') return 'cpu'
  const listed = listSupportedBackends().some((backend) => backend.name === 'cuda')
  if (listed && (await works('cuda', settings, privateFolder))) return 'cuda'
  if (settings.provider === 'auto') return 'cpu'
  throw new Error('EVALUATOR_PROVIDER is "cuda", but no session can be created with CUDA here')
}

async function works(
  provider: ExecutionProvider,
  settings: EvaluatorSettings,
  privateFolder: string,
): Promise<boolean> {
  const workers = inferenceWorkers(settings, provider, privateFolder)
  const pool = new ProcessPool<WorkerTask, WorkerReply>({ ...workers, size: 1 })
  try {
    const deadlines = { firstStage: 'probe', seconds: { probe: PROBE_SECONDS } }
    return (await pool.run({ type: 'probe' }, { deadlines })).kind === 'done'
  } finally {
    await pool.close()
  }
}
