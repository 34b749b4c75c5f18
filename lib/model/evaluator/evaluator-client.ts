import type { IncomingMessage } from 'node:http'
import { preprocessingSha256 } from '#lib/vocabulary/preprocessing-sha256.ts'
import {
  type AdmissionReply,
  admissionReplySchema,
  type EvaluationLine,
  type EvaluationRequest,
  evaluationLineSchema,
  evaluationTrailerSchema,
  type ModelReference,
  type PredictionRequest,
  type ReadyReply,
  readyReplySchema,
} from './evaluator-contract.ts'
import { type EvaluatorAddress, EvaluatorSilent, openReply, readJson, reasonOf } from './evaluator-request.ts'
import { findForeignStamp, findImpossibleOutput, type Stamp } from './evaluator-stamp.ts'
import { MalformedStream, ndjsonLines } from './ndjson-lines.ts'
import { IgnoredLines, type IgnoredReason, SilenceLimit } from './stream-limits.ts'

/** How a request ended that did not end as asked. */
export type EvaluatorFault =
  /** Not reached, busy, or not letting us in: the request was not at work. */
  | { kind: 'away'; detail: string }
  /** Ended, or fell silent, while it was at work. */
  | { kind: 'broken'; detail: string }
  /** Will not do this, however often it is asked. */
  | { kind: 'refused'; code: string; detail: string }
  /** Answers for another model, preprocessing or provider than asked. */
  | { kind: 'mismatch'; code: 'PROVIDER_CHANGED' | 'EVALUATOR_MISMATCH'; detail: string }

export type EvaluationEnd = { kind: 'complete' } | EvaluatorFault

const NOT_AS_AGREED: EvaluatorFault = { kind: 'broken', detail: 'The reply is not as agreed.' }

const READY_TIMEOUT_MS = 5_000
/** The first line may wait for the model to be fetched, examined and compiled, and for other requests' images. */
const LINE_TIMEOUT_MS = 180_000
/** A person waits: longer than the first prediction by a new model takes, much shorter than their patience. */
const PREDICTION_TIMEOUT_MS = 20_000
/** Two dry runs of 30 s each, and the model's way from the object store. */
const ADMISSION_TIMEOUT_MS = 180_000
/** 1,000 probabilities of 20 digits, and an error message. */
const MAX_LINE_BYTES = 64 * 1024
const MAX_REPLY_BYTES = 1024 * 1024

export async function askReady(
  address: EvaluatorAddress,
  signal: AbortSignal = new AbortController().signal,
): Promise<ReadyReply | EvaluatorFault> {
  return await withReply(
    address,
    { method: 'GET', path: '/ready', idleTimeoutMs: READY_TIMEOUT_MS, signal },
    async (reply) => {
      const parsed = readyReplySchema.safeParse(await readJson(reply, MAX_REPLY_BYTES))
      if (parsed.success && parsed.data.status === 'ready') return parsed.data
      return { kind: 'away', detail: parsed.success ? parsed.data.detail : await describeStatus(reply) }
    },
  )
}

/**
 * Asks for predictions of many images. `take` gets each valid line once, in the evaluator's order, and holds the
 * stream back while it is pending. Lines of unknown or already answered ids are ignored, up to a limit, and
 * `ignore` gets the first of each kind. They do not count as an answer: `lineTimeoutMs` goes from one taken line to the
 * next, which limits the whole too. Whatever lines came, only `complete` says that all did.
 */
export async function evaluate(
  address: EvaluatorAddress,
  request: EvaluationRequest,
  expected: Stamp,
  options: {
    signal: AbortSignal
    take: (line: EvaluationLine) => Promise<void> | void
    ignore: (id: string, reason: IgnoredReason) => void
    lineTimeoutMs?: number
  },
): Promise<EvaluationEnd> {
  const idleTimeoutMs = options.lineTimeoutMs ?? LINE_TIMEOUT_MS
  const { signal } = options
  return await withReply(
    address,
    { method: 'POST', path: '/evaluations', body: request, idleTimeoutMs, signal },
    async (reply, silence) =>
      reply.statusCode === 200
        ? await takeLines(reply, request, { expected, silence, ...options })
        : await describeRefusal(reply),
  )
}

async function takeLines(
  reply: IncomingMessage,
  request: EvaluationRequest,
  options: {
    expected: Stamp
    silence: SilenceLimit
    take: (line: EvaluationLine) => Promise<void> | void
    ignore: (id: string, reason: IgnoredReason) => void
  },
): Promise<EvaluationEnd> {
  const { expected, silence } = options
  const waiting = new Set(request.items.map((item) => item.id))
  const known = new Set(waiting)
  const ignored = new IgnoredLines(request.items.length, options.ignore)
  for await (const text of ndjsonLines(reply, MAX_LINE_BYTES)) {
    const value = parseLine(text)
    const line = evaluationLineSchema.safeParse(value)
    if (!line.success) {
      const trailer = evaluationTrailerSchema.safeParse(value)
      if (trailer.success) return endOf(trailer.data.total, request.items.length, waiting.size)
      return { kind: 'broken', detail: 'A line is not as agreed.' }
    }
    if (!known.has(line.data.id)) {
      ignored.add(line.data.id, 'unknown')
      continue
    }
    const foreign = findForeignStamp(line.data, expected)
    if (foreign !== null) return { kind: 'mismatch', ...foreign }
    if (line.data.status === 'ok') {
      const impossible = findImpossibleOutput(line.data, request.model.card.findingClasses.length)
      if (impossible !== null) return { kind: 'broken', detail: impossible }
    }
    if (!waiting.delete(line.data.id)) {
      ignored.add(line.data.id, 'duplicate')
      continue
    }
    silence.rest()
    await options.take(line.data)
    silence.begin()
  }
  return { kind: 'broken', detail: 'The stream ended without its last line.' }
}

/** One image, asked for while a person or a machine waits. */
export async function predict(
  address: EvaluatorAddress,
  request: PredictionRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<EvaluationLine | EvaluatorFault> {
  return await withReply(
    address,
    { method: 'POST', path: '/predictions', body: request, idleTimeoutMs: PREDICTION_TIMEOUT_MS, signal },
    async (reply) => {
      if (reply.statusCode !== 200) return await describeRefusal(reply)
      const line = evaluationLineSchema.safeParse(await readJson(reply, MAX_REPLY_BYTES))
      return line.success ? (findWrongAnswer(line.data, request.model) ?? line.data) : NOT_AS_AGREED
    },
  )
}

/** A single prediction takes whichever provider there is; everything else must be as asked. */
function findWrongAnswer(line: EvaluationLine, { sha256, card }: ModelReference): EvaluatorFault | null {
  const asked = {
    modelSha256: sha256,
    preprocessingSha256: preprocessingSha256(card),
    provider: line.provider,
  }
  const foreign = findForeignStamp(line, asked)
  if (foreign !== null) return { kind: 'mismatch', ...foreign }
  const impossible = line.status === 'ok' ? findImpossibleOutput(line, card.findingClasses.length) : null
  return impossible === null ? null : { kind: 'broken', detail: impossible }
}

/** Has a model in the object store parsed and run twice. */
export async function admit(
  address: EvaluatorAddress,
  model: ModelReference,
  signal: AbortSignal = new AbortController().signal,
): Promise<AdmissionReply | EvaluatorFault> {
  return await withReply(
    address,
    { method: 'POST', path: '/admissions', body: { model }, idleTimeoutMs: ADMISSION_TIMEOUT_MS, signal },
    async (reply) => {
      if (reply.statusCode !== 200) return await describeRefusal(reply)
      const parsed = admissionReplySchema.safeParse(await readJson(reply, MAX_REPLY_BYTES))
      return parsed.success ? parsed.data : NOT_AS_AGREED
    },
  )
}

export function isFault(reply: object): reply is EvaluatorFault {
  return 'kind' in reply
}

async function withReply<T>(
  address: EvaluatorAddress,
  options: Parameters<typeof openReply>[1],
  use: (reply: IncomingMessage, silence: SilenceLimit) => Promise<T | EvaluatorFault>,
): Promise<T | EvaluatorFault> {
  let reply: IncomingMessage | undefined
  let silence: SilenceLimit | undefined
  try {
    reply = await openReply(address, options)
    silence = new SilenceLimit(reply, options.idleTimeoutMs)
    silence.begin()
    return await use(reply, silence)
  } catch (error) {
    options.signal.throwIfAborted()
    if (error instanceof EvaluatorSilent)
      return { kind: error.connected ? 'broken' : 'away', detail: error.message }
    if (error instanceof MalformedStream || isSocketError(error))
      return { kind: 'broken', detail: reasonOf(error) }
    throw error // of `take`: not the evaluator's doing
  } finally {
    silence?.rest()
    reply?.destroy()
  }
}

/** What Node says of a reply that its sender or the network cut. */
function isSocketError(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    ['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'HPE_INVALID_CHUNK_SIZE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(
      String(error.code),
    )
  )
}

function parseLine(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new MalformedStream('A line is not JSON.')
  }
}

function endOf(total: number, asked: number, missing: number): EvaluationEnd {
  if (total === asked && missing === 0) return { kind: 'complete' }
  return {
    kind: 'broken',
    detail: `The last line counts ${total} of ${asked} images, ${missing} did not come.`,
  }
}

async function describeRefusal(reply: IncomingMessage): Promise<EvaluatorFault> {
  const status = reply.statusCode ?? 0
  const body = await readJson(reply, MAX_REPLY_BYTES)
  const { code, message } = errorOf(body)
  const detail = message ?? `It answers ${status}.`
  if (status === 401 || status === 403)
    return { kind: 'away', detail: 'It refuses the token: EVALUATOR_TOKEN must be the same here and there.' }
  // 507: its disk is full. A 500 may be one image's doing.
  if ([429, 502, 503, 504, 507].includes(status)) return { kind: 'away', detail }
  if (status >= 500) return { kind: 'broken', detail }
  return { kind: 'refused', code: code ?? 'EVALUATOR_REFUSED', detail }
}

async function describeStatus(reply: IncomingMessage): Promise<string> {
  return (await describeRefusal(reply)).detail
}

/** Code and message of an error body, where it is one. */
function errorOf(body: unknown): { code?: string; message?: string } {
  if (typeof body !== 'object' || body === null || !('error' in body)) return {}
  const { error } = body
  if (typeof error !== 'object' || error === null) return {}
  return {
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    ...('message' in error && typeof error.message === 'string' ? { message: error.message } : {}),
  }
}
