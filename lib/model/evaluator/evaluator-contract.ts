import { z } from 'zod'
import { modelCardSchema } from '#lib/vocabulary/model-card.ts'
import { sha256Hex } from '#lib/vocabulary/sha256-hex.ts'

/**
 * What web and evaluator say to each other. Web asks with the shared token; the evaluator never calls web.
 *
 *     POST /evaluations  EvaluationRequest → NDJSON: one EvaluationLine per item, then EvaluationTrailer
 *     POST /predictions  PredictionRequest → EvaluationLine
 *     POST /admissions   AdmissionRequest  → AdmissionReply (200 also for a refused model)
 *     GET  /health, /ready, /metrics
 */

/** A model pinned by content: `models/<sha256>.onnx` in the object store, read under `card`. */
export const modelReferenceSchema = z.strictObject({ sha256: sha256Hex, card: modelCardSchema })

/**
 * Where an image's bytes are: under a key of the object store (`location` null), under a key of another
 * location (`file:/folder`, `s3://bucket/prefix`), or in the request itself (base64).
 */
export const imageSourceSchema = z.union([
  z.strictObject({ location: z.string().nullable(), key: z.string().min(1) }),
  z.strictObject({ bytes: z.base64() }),
])

export const evaluationItemSchema = z.strictObject({
  /** Chosen by the caller, unique in the request, echoed in the item's line. */
  id: z.string().min(1).max(200),
  /** Content hash that the bytes must have; other bytes give the error row CHANGED_DURING_RUN. */
  sha256: sha256Hex.optional(),
  source: imageSourceSchema,
})

/** Items of one request: bounded so that a lost stream costs little. */
export const MAX_EVALUATION_ITEMS = 1000

export const evaluationRequestSchema = z.strictObject({
  model: modelReferenceSchema,
  items: z.array(evaluationItemSchema).min(1).max(MAX_EVALUATION_ITEMS),
})
export const predictionRequestSchema = z.strictObject({
  model: modelReferenceSchema,
  image: imageSourceSchema,
})
export const admissionRequestSchema = z.strictObject({ model: modelReferenceSchema })

export const executionProviderSchema = z.enum(['cpu', 'cuda'])
export type ExecutionProvider = z.output<typeof executionProviderSchema>

/** Why an image has no prediction. `UNREACHABLE`: the evaluator may not or cannot get at the location; send the bytes. */
export const imageErrorCodeSchema = z.enum([
  'EMPTY_FILE',
  'UNSUPPORTED_IMAGE',
  'ANIMATED_NOT_SUPPORTED',
  'TRUNCATED_IMAGE',
  'CORRUPT_IMAGE',
  'TOO_MANY_PIXELS',
  'TOO_LARGE',
  'BAD_ASPECT',
  'DECODE_TIMEOUT',
  'DECODE_CRASH',
  'DECODE_OOM',
  'INFERENCE_TIMEOUT',
  'INFERENCE_FAILED',
  'INVALID_OUTPUT',
  'NOT_FOUND',
  'READ_FAILED',
  'CHANGED_DURING_RUN',
  'UNREACHABLE',
])
export type ImageErrorCode = z.output<typeof imageErrorCodeSchema>

const stamp = {
  id: z.string(),
  modelSha256: sha256Hex,
  preprocessingSha256: sha256Hex,
  provider: executionProviderSchema,
}

/** One image's answer. `probabilities`: float64, in the card's class order, sum 1 within 1e-6. */
export const evaluationLineSchema = z.discriminatedUnion('status', [
  z.strictObject({
    ...stamp,
    status: z.literal('ok'),
    probabilities: z.array(z.number().min(0).max(1)),
    /** Index of the largest probability; ties go to the lowest index. */
    predictedIndex: z.int().min(0),
    width: z.int().min(1),
    height: z.int().min(1),
    /** Whole milliseconds would hide a thumbnail: fractional seconds by a monotonic clock. */
    decodeSeconds: z.number().min(0),
    inferenceSeconds: z.number().min(0),
  }),
  z.strictObject({ ...stamp, status: z.literal('error'), code: imageErrorCodeSchema, message: z.string() }),
])

/** The last line. A stream without it is a failure, whatever came before. */
export const evaluationTrailerSchema = z.strictObject({ done: z.literal(true), total: z.int().min(0) })

/** An input or output: its element type, and its dimensions, null where the file leaves one open. */
export const tensorSignatureSchema = z.strictObject({
  name: z.string(),
  type: z.string(),
  shape: z.array(z.int().nullable()),
})

/** What a model's file says of itself. */
export const modelSignatureSchema = z.strictObject({
  inputs: z.array(tensorSignatureSchema),
  outputs: z.array(tensorSignatureSchema),
  irVersion: z.int(),
  /** Of the standard operators; null where it uses none. */
  opset: z.int().nullable(),
  /** Numbers in the weights that the file stores; whole-number constants, such as shapes, are not counted. */
  parameters: z.int(),
})
export type ModelSignature = z.output<typeof modelSignatureSchema>

/** Refusal codes are those of the tables of bad models in docs/reliability.md. */
export const admissionReplySchema = z.discriminatedUnion('admitted', [
  z.strictObject({
    admitted: z.literal(true),
    provider: executionProviderSchema,
    preprocessingSha256: sha256Hex,
    inferenceSeconds: z.number(),
    warnings: z.array(z.string()),
    model: modelSignatureSchema.optional(),
  }),
  z.strictObject({ admitted: z.literal(false), code: z.string(), message: z.string() }),
])

/** `GET /ready`: 200 when inference children answer, else 503. */
export const readyReplySchema = z.object({
  status: z.enum(['ready', 'not_ready']),
  provider: executionProviderSchema.nullable(),
  workers: z.object({ alive: z.int(), busy: z.int(), total: z.int() }),
  detail: z.string(),
  /** What the operator should know of an evaluator that is ready. Absent from an evaluator of an earlier release. */
  warning: z.string().nullish(),
})

export type ModelReference = z.output<typeof modelReferenceSchema>
export type ImageSource = z.output<typeof imageSourceSchema>
export type EvaluationItem = z.output<typeof evaluationItemSchema>
export type EvaluationRequest = z.output<typeof evaluationRequestSchema>
export type PredictionRequest = z.output<typeof predictionRequestSchema>
export type EvaluationLine = z.output<typeof evaluationLineSchema>
export type AdmissionReply = z.output<typeof admissionReplySchema>
export type ReadyReply = z.output<typeof readyReplySchema>
