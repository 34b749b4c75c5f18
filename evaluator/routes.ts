import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { z } from 'zod'
import {
  admissionRequestSchema,
  type EvaluationLine,
  evaluationRequestSchema,
  predictionRequestSchema,
  type ReadyReply,
} from '#lib/model/evaluator/evaluator-contract.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import type { Evaluator } from './evaluator.ts'

/** `stopping` is aborted when the service is asked to end: what waits is dropped, what runs is finished. */
export function addRoutes(server: FastifyInstance, evaluator: Evaluator, stopping: AbortSignal): void {
  server.get('/health', () => ({ status: 'ok' }))

  server.get('/ready', (_request, reply) => {
    const workers = evaluator.workers()
    const ready = workers.alive > 0 && !stopping.aborted
    const body: ReadyReply = {
      status: ready ? 'ready' : 'not_ready',
      provider: evaluator.provider,
      workers,
      detail: `${workers.alive} of ${workers.total} inference processes answer`,
      warning: evaluator.warning,
    }
    return reply.code(ready ? 200 : 503).send(body)
  })

  server.get('/metrics', async (_request, reply) => {
    const { registry } = evaluator.metrics
    return reply.type(registry.contentType).send(await registry.metrics())
  })

  server.post('/admissions', (request) => evaluator.admit(parse(admissionRequestSchema, request.body).model))

  server.post('/evaluations', async (request, reply) => {
    const { model, items } = parse(evaluationRequestSchema, request.body)
    if (new Set(items.map((item) => item.id)).size !== items.length)
      throw new ServiceError('BAD_REQUEST', 'Two items have the same id.')
    const loaded = await evaluator.prepare(model)
    const signal = AbortSignal.any([stopping, clientGone(reply)])
    const lines = evaluator.evaluate(loaded, items, { signal, urgent: false })
    return reply
      .type('application/x-ndjson')
      .send(Readable.from(toNdjson(lines, items.length), { objectMode: false }))
  })

  server.post('/predictions', async (request, reply) => {
    const { model, image } = parse(predictionRequestSchema, request.body)
    const loaded = await evaluator.prepare(model)
    const signal = AbortSignal.any([stopping, clientGone(reply)])
    const items = [{ id: 'prediction', source: image }]
    for await (const line of evaluator.evaluate(loaded, items, { signal, urgent: true })) return line
    throw new ServiceError('UNAVAILABLE', 'The evaluator is stopping.')
  })
}

/** The trailer says that every line was sent: without it the caller must take the stream for broken. */
async function* toNdjson(lines: AsyncIterable<EvaluationLine>, total: number): AsyncGenerator<string> {
  let sent = 0
  for await (const line of lines) {
    sent++
    yield `${JSON.stringify(line)}\n`
  }
  if (sent === total) yield `${JSON.stringify({ done: true, total })}\n`
}

function clientGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  return gone.signal
}

function parse<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new ServiceError('BAD_REQUEST', `${issue?.path.join('.') || 'The body'}: ${issue?.message}.`)
}
