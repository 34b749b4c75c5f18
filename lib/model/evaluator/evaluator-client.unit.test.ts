import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { modelCardSchema } from '#lib/vocabulary/model-card.ts'
import { preprocessingSha256 } from '#lib/vocabulary/preprocessing-sha256.ts'
import { FakeEvaluator } from '#tests/support/fake-evaluator.ts'
import { askReady, type EvaluationEnd, evaluate, predict } from './evaluator-client.ts'
import type { EvaluationLine, EvaluationRequest } from './evaluator-contract.ts'

const card = modelCardSchema.parse({ name: 'm', findingClasses: ['a', 'b', 'c'] })
const model = { sha256: 'ab'.repeat(32), card }
const stamp = {
  modelSha256: model.sha256,
  preprocessingSha256: preprocessingSha256(card),
  provider: 'cpu' as const,
}
const requestOf = (count: number): EvaluationRequest => ({
  model,
  items: Array.from({ length: count }, (_, index) => ({
    id: String(index),
    sha256: index.toString(16).padStart(64, '0'),
    source: { location: null, key: `a/${index}` },
  })),
})

let evaluator: FakeEvaluator
beforeAll(async () => {
  evaluator = await FakeEvaluator.start()
})
afterAll(() => evaluator.stop())
beforeEach(() => evaluator.forget())

async function ask(
  request: EvaluationRequest,
  options: { signal?: AbortSignal; lineTimeoutMs?: number; expected?: typeof stamp } = {},
): Promise<{ end: EvaluationEnd; lines: EvaluationLine[]; ignored: string[] }> {
  const lines: EvaluationLine[] = []
  const ignored: string[] = []
  const end = await evaluate(evaluator.address, request, options.expected ?? stamp, {
    signal: options.signal ?? new AbortController().signal,
    take: (line) => void lines.push(line),
    ignore: (id, reason) => void ignored.push(`${id} ${reason}`),
    ...(options.lineTimeoutMs === undefined ? {} : { lineTimeoutMs: options.lineTimeoutMs }),
  })
  return { end, lines, ignored }
}

describe('a reply of predictions', () => {
  test('is complete with its last line', async () => {
    const { end, lines } = await ask(requestOf(20))
    expect(end).toEqual({ kind: 'complete' })
    expect(lines).toHaveLength(20)
  })

  test('is broken wherever it is cut, and gives whole lines only', async () => {
    const request = requestOf(20)
    const whole = Buffer.from(evaluator.reply(request))
    const newlines = [...whole].flatMap((byte, at) => (byte === 0x0a ? [at] : []))
    // Every offset near a line's end, and a sample between them.
    const offsets = Array.from({ length: whole.length }, (_, at) => at).filter(
      (at) => at % 23 === 0 || newlines.some((newline) => Math.abs(newline - at) <= 2),
    )
    for (const offset of offsets) {
      evaluator.onEvaluation = ({ response }) => {
        response.write(whole.subarray(0, offset), () => response.destroy())
      }
      const { end, lines } = await ask(request)
      expect(end.kind, `cut after ${offset} bytes`).toBe('broken')
      const complete = newlines.filter((newline) => newline < offset).length
      expect(lines.length, `cut after ${offset} bytes`).toBeLessThanOrEqual(complete)
      for (const line of lines) {
        const item = request.items[Number(line.id)]
        expect(item && evaluator.line(item, request)).toEqual(line)
      }
    }
    expect(offsets.length).toBeGreaterThan(200)
  }, 60_000)

  test('that ends in peace before its last line is broken too', async () => {
    const request = requestOf(3)
    evaluator.onEvaluation = ({ response }) =>
      response.end(request.items.map((item) => `${JSON.stringify(evaluator.line(item, request))}\n`).join(''))
    const { end, lines } = await ask(request)
    expect(end.kind).toBe('broken')
    expect(lines).toHaveLength(3)
  })

  test('whose last line counts wrongly is broken', async () => {
    const request = requestOf(2)
    evaluator.onEvaluation = ({ response }) =>
      response.end(evaluator.reply(request).replace('"total":2', '"total":3'))
    expect((await ask(request)).end.kind).toBe('broken')
  })

  test('may name images in any order; unknown and repeated ones are ignored', async () => {
    const request = requestOf(3)
    evaluator.onEvaluation = ({ response }) => {
      const lines = request.items.map((item) => JSON.stringify(evaluator.line(item, request)))
      const [first = '', second = '', third = ''] = lines
      const unknown = first.replace('"id":"0"', '"id":"77"')
      response.end([third, unknown, first, third, second, '{"done":true,"total":3}', ''].join('\n'))
    }
    const { end, lines, ignored } = await ask(request)
    expect(end).toEqual({ kind: 'complete' })
    expect(lines.map(({ id }) => id)).toEqual(['2', '0', '1'])
    expect(ignored).toEqual(['77 unknown', '2 duplicate'])
  })

  describe('with lines that were not asked for', () => {
    const request = requestOf(3)
    const lineOf = (index: number, id = String(index)) => {
      const item = request.items[index]
      return (
        item &&
        `${JSON.stringify(evaluator.line(item, request)).replace(`"id":"${index}"`, `"id":"${id}"`)}\n`
      )
    }

    test.each([
      ['unknown', '77', '77 unknown'],
      ['repeated', '0', '0 duplicate'],
    ])('is broken when %s ones do not end, and tells of the first', async (_what, id, told) => {
      evaluator.onEvaluation = ({ response }) => {
        response.write(lineOf(0))
        const send = () => {
          while (!response.destroyed && response.write(lineOf(0, id)?.repeat(100))) {}
        }
        response.on('drain', send)
        send()
      }
      const { end, lines, ignored } = await ask(request)
      expect(end).toEqual({ kind: 'broken', detail: 'It sent more than 103 lines that were not asked for.' })
      expect(lines).toHaveLength(1)
      expect(ignored).toEqual([told])
    })

    test('is broken when they come and the asked-for one does not', async () => {
      evaluator.onEvaluation = ({ response }) => {
        const beat = setInterval(() => response.write(lineOf(0, '77')), 20)
        response.on('close', () => clearInterval(beat))
      }
      const { end } = await ask(request, { lineTimeoutMs: 500 })
      expect(end).toEqual({ kind: 'broken', detail: 'no whole answer came for 0.5 s' })
    })

    test('is broken when a line comes byte by byte for too long', async () => {
      evaluator.onEvaluation = ({ response }) => {
        const beat = setInterval(() => response.write(' '), 20)
        response.on('close', () => clearInterval(beat))
      }
      const { end } = await ask(request, { lineTimeoutMs: 500 })
      expect(end).toMatchObject({ kind: 'broken', detail: expect.stringContaining('0.5 s') })
    })
  })

  test.each([
    ['another model', { modelSha256: 'cd'.repeat(32) }, 'EVALUATOR_MISMATCH'],
    ['another preprocessing', { preprocessingSha256: 'cd'.repeat(32) }, 'EVALUATOR_MISMATCH'],
    ['another provider', { provider: 'cuda' as const }, 'PROVIDER_CHANGED'],
  ])('of %s is refused before one line of it is taken', async (_what, changes, code) => {
    const { end, lines } = await ask(requestOf(2), { expected: { ...stamp, ...changes } as typeof stamp })
    expect(end).toMatchObject({ kind: 'mismatch', code })
    expect(lines).toEqual([])
  })

  test.each([
    ['too few probabilities', { probabilities: [0.4, 0.6] }],
    ['probabilities that do not add up', { probabilities: [0.4, 0.4, 0.4] }],
    ['another predicted class than the most probable', { predictedIndex: 2, probabilities: [0.6, 0.3, 0.1] }],
    ['a probability that is no number', { probabilities: [null, 0.5, 0.5] }],
    ['a key that was not agreed', { surprise: true }],
  ])('with %s is broken', async (_what, changes) => {
    const request = requestOf(1)
    evaluator.onEvaluation = ({ response }) => {
      const [item] = request.items
      const line = { ...(item && evaluator.line(item, request)), ...changes }
      response.end(`${JSON.stringify(line)}\n{"done":true,"total":1}\n`)
    }
    const { end, lines } = await ask(request)
    expect(end.kind).toBe('broken')
    expect(lines).toEqual([])
  })

  test('that falls silent is broken in time', async () => {
    evaluator.onEvaluation = ({ response }) => void response.write('{"id":')
    expect((await ask(requestOf(1), { lineTimeoutMs: 100 })).end).toMatchObject({ kind: 'broken' })
  })

  test('that never ends a line is broken before it fills the memory', async () => {
    evaluator.onEvaluation = ({ response }) => {
      const timer = setInterval(() => response.write('x'.repeat(50_000)), 1)
      response.once('close', () => clearInterval(timer))
    }
    expect((await ask(requestOf(1))).end).toMatchObject({ kind: 'broken' })
  })

  test('is left at once when the caller stops', async () => {
    const stop = new AbortController()
    evaluator.onEvaluation = () => stop.abort(new Error('stopped'))
    await expect(ask(requestOf(1), { signal: stop.signal })).rejects.toThrow('stopped')
  })
})

describe('an evaluator that does not take the request', () => {
  test.each([
    [401, 'away'],
    [429, 'away'],
    [503, 'away'],
    [507, 'away'],
    [500, 'broken'],
    [404, 'refused'],
    [422, 'refused'],
  ])('and answers %i is %s', async (status, kind) => {
    evaluator.onEvaluation = ({ response }) => {
      response.statusCode = status
      response.end('{"error":{"code":"MODEL_PARSE","message":"not a model"}}')
    }
    const { end } = await ask(requestOf(1))
    expect(end.kind).toBe(kind)
    if (end.kind === 'refused') expect(end).toMatchObject({ code: 'MODEL_PARSE', detail: 'not a model' })
  })

  test('and is not there is away', async () => {
    const gone = await FakeEvaluator.start()
    const { address } = gone
    await gone.stop()
    expect(await askReady(address)).toMatchObject({ kind: 'away', detail: 'ECONNREFUSED' })
  })

  test('and is not ready is away, in its own words', async () => {
    evaluator.ready = false
    expect(await askReady(evaluator.address)).toMatchObject({ kind: 'away', detail: 'as told' })
  })
})

describe('a single prediction', () => {
  const request = { model, image: { bytes: 'AAAA' } }

  test('is given by whichever provider there is', async () => {
    evaluator.provider = 'cuda'
    expect(await predict(evaluator.address, request)).toMatchObject({ status: 'ok', provider: 'cuda' })
  })

  test.each([
    ['of another model', { modelSha256: 'cd'.repeat(32) }, 'mismatch'],
    ['of other preprocessing', { preprocessingSha256: 'cd'.repeat(32) }, 'mismatch'],
    ['over another number of classes', { probabilities: [0.25, 0.75], predictedIndex: 1 }, 'broken'],
    ['whose probabilities are none', { probabilities: [0.9, 0.9, 0.1], predictedIndex: 0 }, 'broken'],
  ])('%s is refused', async (_what, change, kind) => {
    evaluator.onPrediction = (line) => ({ ...line, ...change })
    expect(await predict(evaluator.address, request)).toMatchObject({ kind })
  })
})
