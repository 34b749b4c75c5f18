import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type {
  EvaluationItem,
  EvaluationLine,
  EvaluationRequest,
  PredictionRequest,
} from '#lib/model/evaluator/evaluator-contract.ts'
import { argmax } from '#lib/statistics/argmax.ts'
import { preprocessingSha256 } from '#lib/vocabulary/preprocessing-sha256.ts'

export type EvaluationExchange = { request: EvaluationRequest; response: ServerResponse; count: number }

/**
 * Speaks the evaluator's contract and can be told to break it in ways that the real one cannot be brought to:
 * streams cut at a byte, lines of another model, deaths on one image. Probabilities follow from the image's hash.
 */
export class FakeEvaluator {
  readonly token = 'fake-evaluator-token-of-32-letters!!'
  provider: 'cpu' | 'cuda' = 'cpu'
  inferenceSeconds = 0.002
  ready = true
  /** Answers one `POST /evaluations`; `count` is 1 for the first. */
  onEvaluation: (exchange: EvaluationExchange) => unknown = (exchange) => this.answer(exchange)
  /** Changes the answer of `POST /predictions`. */
  onPrediction: (line: EvaluationLine) => unknown = (line) => line
  /** What `POST /predictions` is refused with, as a model that the evaluator does not admit is. */
  refusal: { status: number; code: string; message: string } | null = null
  /** Hashes asked for, request by request. */
  readonly asked: string[][] = []
  readonly bodies: EvaluationRequest[] = []
  openCount = 0
  maxOpenCount = 0
  readonly #server: Server

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response))
  }

  static async start(port = 0): Promise<FakeEvaluator> {
    const evaluator = new FakeEvaluator()
    evaluator.#server.listen(port, '127.0.0.1')
    await once(evaluator.#server, 'listening')
    return evaluator
  }

  get address() {
    const { port } = this.#server.address() as AddressInfo
    return { url: `http://127.0.0.1:${port}`, token: this.token }
  }

  get askedImages(): string[] {
    return this.asked.flat()
  }

  forget(): void {
    this.asked.length = 0
    this.bodies.length = 0
    this.maxOpenCount = 0
    this.ready = true
    this.provider = 'cpu'
    this.inferenceSeconds = 0.002
    this.onEvaluation = (exchange) => this.answer(exchange)
    this.onPrediction = (line) => line
    this.refusal = null
  }

  /** The reply that the contract asks for. */
  answer({ request, response }: Pick<EvaluationExchange, 'request' | 'response'>): void {
    response.end(this.reply(request))
  }

  reply(request: EvaluationRequest): string {
    const lines = request.items.map((item) => `${JSON.stringify(this.line(item, request))}\n`)
    return `${lines.join('')}${JSON.stringify({ done: true, total: lines.length })}\n`
  }

  line(item: EvaluationItem, request: EvaluationRequest): EvaluationLine {
    const probabilities = fakeProbabilities(item.sha256 ?? '', request.model.card.findingClasses.length)
    return {
      ...this.stamp(item, request),
      status: 'ok',
      probabilities,
      predictedIndex: argmax(probabilities),
      width: 2,
      height: 2,
      decodeSeconds: 0.001,
      inferenceSeconds: this.inferenceSeconds,
    }
  }

  stamp(item: EvaluationItem, { model }: EvaluationRequest) {
    return {
      id: item.id,
      modelSha256: model.sha256,
      preprocessingSha256: preprocessingSha256(model.card),
      provider: this.provider,
    }
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.url === '/ready') {
      const workers = { alive: this.ready ? 2 : 0, busy: 0, total: 2 }
      const status = this.ready ? 'ready' : 'not_ready'
      response.statusCode = this.ready ? 200 : 503
      response.end(JSON.stringify({ status, provider: this.provider, workers, detail: 'as told' }))
      return
    }
    const body = await readBody(request)
    if (request.url === '/admissions') {
      const { model } = body as EvaluationRequest
      const hash = preprocessingSha256(model.card)
      const reply = { admitted: true, provider: this.provider, preprocessingSha256: hash }
      response.end(JSON.stringify({ ...reply, inferenceSeconds: 0.01, warnings: [] }))
      return
    }
    if (request.url === '/predictions') {
      if (this.refusal !== null) {
        const { status, ...error } = this.refusal
        response.statusCode = status
        response.end(JSON.stringify({ error }))
        return
      }
      const { model, image } = body as PredictionRequest
      const item = { id: 'prediction', source: image }
      response.end(JSON.stringify(this.onPrediction(this.line(item, { model, items: [item] }))))
      return
    }
    const evaluation = body as EvaluationRequest
    this.bodies.push(evaluation)
    this.asked.push(evaluation.items.map((item) => item.sha256 ?? ''))
    this.openCount += 1
    this.maxOpenCount = Math.max(this.maxOpenCount, this.openCount)
    response.once('close', () => {
      this.openCount -= 1
    })
    await this.onEvaluation({ request: evaluation, response, count: this.asked.length })
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = []
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
  return JSON.parse(Buffer.concat(pieces).toString('utf8'))
}

/** The same for the same image, and with digits down to the last bit. */
export function fakeProbabilities(sha256: string, classCount: number): number[] {
  const bytes = createHash('sha512').update(sha256).digest()
  const weights = Array.from({ length: classCount }, (_, index) => 1 + bytes.readUInt32LE((index % 16) * 4))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}
