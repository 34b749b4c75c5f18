import { LRUCache } from 'lru-cache'
import type {
  AdmissionReply,
  ExecutionProvider,
  ModelReference,
} from '#lib/model/evaluator/evaluator-contract.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { ProcessPool } from '#lib/platform/process-pool/process-pool.ts'
import { runWithSecondTry } from '#lib/platform/process-pool/run-with-second-try.ts'
import type { TaskOutcome } from '#lib/platform/process-pool/task-outcome.ts'
import { preprocessingSha256 } from '#lib/vocabulary/preprocessing-sha256.ts'
import type { ModelRefusalCode } from './model-refused.ts'
import type { LoadableModel, WorkerReply, WorkerTask } from './worker-tasks.ts'

/** Examines a model in a child, which a loop without end or a memory bomb costs, and nothing else. */
export async function admitModel(
  model: LoadableModel,
  pool: ProcessPool<WorkerTask, WorkerReply>,
  provider: ExecutionProvider,
  deadlineSeconds: number,
): Promise<AdmissionReply> {
  const outcome = await runWithSecondTry(
    (task, options) => pool.run(task, options),
    { type: 'admit', model } as const,
    { deadlines: { firstStage: 'admission', seconds: { admission: deadlineSeconds } } },
  )
  if (outcome.kind !== 'done') return explainLoss(outcome, deadlineSeconds)
  if (outcome.value.type !== 'admit')
    throw new Error(`the child answered an admission by ${outcome.value.type}`)
  const { result } = outcome.value
  if (!result.admitted) return result
  return { ...result, provider, preprocessingSha256: preprocessingSha256(model.card) }
}

function explainLoss(
  outcome: Exclude<TaskOutcome<WorkerReply>, { kind: 'done' }>,
  deadlineSeconds: number,
): AdmissionReply {
  const refuse = (code: ModelRefusalCode, message: string): AdmissionReply => ({
    admitted: false,
    code,
    message,
  })
  switch (outcome.kind) {
    case 'timeout':
      return refuse('MODEL_TIMEOUT', `the model did not finish two dry runs within ${deadlineSeconds} s`)
    case 'memory':
      return refuse('MODEL_OOM', 'the model needs more memory than an inference process may have')
    case 'crash':
      return refuse('MODEL_CRASH', `the model ended its process twice (${outcome.detail})`)
    case 'failed':
      return refuse('MODEL_CRASH', outcome.message)
    case 'cancelled':
      throw new ServiceError('UNAVAILABLE', 'The evaluator is stopping.')
  }
}

/** A name each, and an evaluator runs for months. */
const KEPT_ADMISSIONS = 1_000

/** Which cards of which models this process has seen pass. Refusals are not kept: asking again examines again. */
export class AdmittedModels {
  private readonly admissions = new LRUCache<string, Promise<AdmissionReply>>({ max: KEPT_ADMISSIONS })

  /** The reply for a model, examined on first use; callers at the same time share one examination. */
  async get(model: ModelReference, examine: () => Promise<AdmissionReply>): Promise<AdmissionReply> {
    const key = `${model.sha256} ${preprocessingSha256(model.card)} ${model.card.findingClasses.length}`
    const admission = this.admissions.get(key) ?? examine()
    this.admissions.set(key, admission)
    const forget = () => this.admissions.delete(key)
    admission.then((reply) => reply.admitted || forget(), forget)
    return await admission
  }
}
