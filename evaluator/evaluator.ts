import type {
  AdmissionReply,
  EvaluationItem,
  EvaluationLine,
  ExecutionProvider,
  ModelReference,
} from '#lib/model/evaluator/evaluator-contract.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { ObjectStore } from '#lib/platform/object-store/object-store.ts'
import { openForReading } from '#lib/platform/object-store/open.ts'
import { ProcessPool } from '#lib/platform/process-pool/process-pool.ts'
import { preprocessingSha256 } from '#lib/vocabulary/preprocessing-sha256.ts'
import { AdmittedModels, admitModel } from './admit-model.ts'
import type { EvaluatorSettings } from './env.ts'
import { type EvaluateContext, evaluateImage } from './evaluate-image.ts'
import { ImageLocations } from './image-locations.ts'
import { inferenceWorkers } from './inference-workers.ts'
import { mapConcurrently } from './map-concurrently.ts'
import { EvaluatorMetrics } from './metrics.ts'
import { ModelFiles } from './model-files.ts'
import type { LoadableModel, WorkerReply, WorkerTask } from './worker-tasks.ts'

/** Images read while every child is busy, so that none waits for the store. */
const READ_AHEAD = 2

/** Images in, probabilities out: the models, the children and the places of images behind the HTTP routes. */
export class Evaluator {
  readonly provider: ExecutionProvider
  readonly metrics: EvaluatorMetrics
  private readonly settings: EvaluatorSettings
  private readonly pool: ProcessPool<WorkerTask, WorkerReply>
  private readonly store: ObjectStore
  private readonly locations: ImageLocations
  private readonly modelFiles: ModelFiles
  private readonly admitted = new AdmittedModels()

  constructor(
    settings: EvaluatorSettings,
    provider: ExecutionProvider,
    privateFolder: string,
    onWorkerExit: (stderr: string) => void,
  ) {
    this.settings = settings
    this.provider = provider
    this.store = openForReading(settings.objectStoreUrl)
    this.locations = new ImageLocations(this.store, settings.objectStoreUrl, settings.datasetRoots)
    const { modelLimitBytes, memoryShortage } = settings
    this.modelFiles = new ModelFiles(this.store, privateFolder, modelLimitBytes, memoryShortage)
    this.pool = new ProcessPool({
      ...inferenceWorkers(settings, provider, privateFolder),
      size: settings.workers,
      onWorkerExit: ({ stderr }) => {
        this.metrics.countLostWorker()
        onWorkerExit(stderr)
      },
    })
    this.metrics = new EvaluatorMetrics(provider, () => this.pool.counts())
  }

  /** What the operator should know though images are evaluated; or null. */
  get warning(): string | null {
    return this.settings.memoryShortage
  }

  workers(): { alive: number; busy: number; total: number } {
    return this.pool.counts()
  }

  /** Examines the model anew. A missing or damaged file is an error, a bad model a reply. */
  async admit(reference: ModelReference): Promise<AdmissionReply> {
    const model = await this.load(reference)
    return admitModel(model, this.pool, this.provider, this.settings.admissionSeconds)
  }

  /** A model that has passed its admission in this process, or an error that says why not. */
  async prepare(reference: ModelReference): Promise<LoadableModel> {
    const model = await this.load(reference)
    const reply = await this.admitted.get(reference, () => this.admit(reference))
    if (reply.admitted) return model
    throw new ServiceError('UNPROCESSABLE', `The model is not admitted: ${reply.message}.`, {
      code: reply.code,
    })
  }

  /** One line per item in the order in which they finish; fewer when the signal is aborted. */
  async *evaluate(
    model: LoadableModel,
    items: readonly EvaluationItem[],
    options: { signal: AbortSignal; urgent: boolean },
  ): AsyncGenerator<EvaluationLine> {
    const context: EvaluateContext = {
      model,
      stamp: {
        modelSha256: model.sha256,
        preprocessingSha256: preprocessingSha256(model.card),
        provider: this.provider,
      },
      locations: this.locations,
      limits: this.settings,
      run: (task, runOptions) => this.pool.run(task, runOptions),
      ...options,
    }
    const limit = this.settings.workers + READ_AHEAD
    const work = (item: EvaluationItem) => evaluateImage(item, context)
    for await (const line of mapConcurrently(items, limit, work, options.signal)) {
      if (line === null) continue
      this.metrics.countImage(line)
      yield line
    }
  }

  async close(): Promise<void> {
    await this.pool.close()
    await this.locations.close()
    await this.store.close()
    this.modelFiles.remove()
  }

  private async load({ sha256, card }: ModelReference): Promise<LoadableModel> {
    return { sha256, card, file: await this.modelFiles.get(sha256) }
  }
}
