import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { EvaluationLine, ExecutionProvider } from '#lib/model/evaluator/evaluator-contract.ts'

type WorkerCounts = { alive: number; busy: number; total: number }

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

/** What the evaluator shows Prometheus. */
export class EvaluatorMetrics {
  readonly registry = new Registry()
  private readonly requests = new Counter({
    name: 'http_requests_total',
    help: 'HTTP requests by method, route and class of status',
    labelNames: ['method', 'handler', 'status'],
    registers: [this.registry],
  })
  private readonly requestSeconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Seconds from a request to the end of its reply',
    labelNames: ['method', 'handler'],
    buckets: [...SECONDS, 60, 300],
    registers: [this.registry],
  })
  private readonly images = new Counter({
    name: 'evaluator_images_total',
    help: 'Images answered, by outcome: ok or an error code',
    labelNames: ['outcome'],
    registers: [this.registry],
  })
  private readonly decodeSeconds = new Histogram({
    name: 'evaluator_decode_duration_seconds',
    help: 'Seconds to decode and preprocess one image',
    buckets: SECONDS,
    registers: [this.registry],
  })
  private readonly inferenceSeconds = new Histogram({
    name: 'evaluator_inference_duration_seconds',
    help: 'Seconds of inference for one image',
    buckets: SECONDS,
    registers: [this.registry],
  })
  private readonly lostWorkers = new Counter({
    name: 'evaluator_worker_exits_total',
    help: 'Inference processes that crashed or were killed',
    registers: [this.registry],
  })

  constructor(provider: ExecutionProvider, workerCounts: () => WorkerCounts) {
    collectDefaultMetrics({ register: this.registry })
    new Gauge({
      name: 'evaluator_workers',
      help: 'Inference processes by state',
      labelNames: ['state'],
      registers: [this.registry],
      collect() {
        for (const [state, count] of Object.entries(workerCounts())) this.set({ state }, count)
      },
    })
    new Gauge({
      name: 'evaluator_info',
      help: 'The execution provider in use',
      labelNames: ['provider'],
      registers: [this.registry],
    }).set({ provider }, 1)
  }

  countRequest(method: string, handler: string, statusCode: number, seconds: number): void {
    this.requests.inc({ method, handler, status: `${Math.floor(statusCode / 100)}xx` })
    this.requestSeconds.observe({ method, handler }, seconds)
  }

  countImage(line: EvaluationLine): void {
    this.images.inc({ outcome: line.status === 'ok' ? 'ok' : line.code })
    if (line.status !== 'ok') return
    this.decodeSeconds.observe(line.decodeSeconds)
    this.inferenceSeconds.observe(line.inferenceSeconds)
  }

  countLostWorker(): void {
    this.lostWorkers.inc()
  }
}
