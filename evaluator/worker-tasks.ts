import type {
  AdmissionReply,
  ExecutionProvider,
  ImageErrorCode,
  ModelSignature,
} from '#lib/model/evaluator/evaluator-contract.ts'
import type { ModelCard } from '#lib/vocabulary/model-card.ts'

/** A model as an inference child gets it: a verified file of this evaluator's own, and the card to read it by. */
export type LoadableModel = { sha256: string; file: string; card: ModelCard }

/** The provider is used as named: where it fails, the task fails, and nothing falls back to another. */
export type WorkerSettings = {
  /** In which the model files lie. */
  privateFolder: string
  provider: ExecutionProvider
  controlFlow: boolean
  /** Bytes of model files whose sessions a child may keep. */
  sessionBudgetBytes: number
}

export type WorkerTask =
  | { type: 'probe' }
  | { type: 'admit'; model: LoadableModel }
  /** Of the image that is the task's payload. */
  | { type: 'evaluate'; model: LoadableModel }

/** Where a task stands when its deadline passes. */
export type WorkerStage = 'probe' | 'admission' | 'decode' | 'load-model' | 'inference'

export type ImageResult =
  | {
      status: 'ok'
      probabilities: number[]
      predictedIndex: number
      width: number
      height: number
      decodeSeconds: number
      inferenceSeconds: number
    }
  | { status: 'error'; code: ImageErrorCode; message: string }

export type AdmissionResult =
  | { admitted: true; inferenceSeconds: number; warnings: string[]; model: ModelSignature }
  | Extract<AdmissionReply, { admitted: false }>

export type WorkerReply =
  | { type: 'probe' }
  | { type: 'admit'; result: AdmissionResult }
  | { type: 'evaluate'; result: ImageResult }
