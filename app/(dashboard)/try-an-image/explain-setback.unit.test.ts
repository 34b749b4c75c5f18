import { expect, it } from 'vitest'
import { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import { imageErrorCodeSchema } from '#lib/model/evaluator/evaluator-contract.ts'
import { explainSetback } from './explain-setback.ts'

const trial = { file: new File(['x'], 'lung.png'), from: null }
const explain = (status: number, code: string) =>
  explainSetback(new ApiFailure(status, { code, message: 'So it was said.' }), trial)

it.each([
  [400, 'EMPTY_FILE'],
  [415, 'UNSUPPORTED_IMAGE'],
  [413, 'TOO_MANY_PIXELS'],
  [422, 'TRUNCATED_IMAGE'],
])('an image at fault (%s %s) is not tried again', (status, code) => {
  const { title, again } = explain(status, code)
  expect([title, again]).toEqual(['lung.png cannot be used', null])
})

it.each([
  [0, 'NOT_REACHED'],
  [401, 'UNAUTHENTICATED'],
  [503, 'EVALUATOR_AWAY'],
  [503, 'INFERENCE_TIMEOUT'],
  [500, 'INTERNAL'],
  [507, 'DISK_FULL'],
])('what is the service’s fault (%s %s) leaves the image chosen', (status, code) => {
  expect(explain(status, code).again).toBe(trial)
})

it('every code that a single image can have is told in words of its own', () => {
  const ofRuns = ['NOT_FOUND', 'CHANGED_DURING_RUN', 'UNREACHABLE', 'READ_FAILED']
  const untold = imageErrorCodeSchema.options.filter(
    (code) => !ofRuns.includes(code) && explain(422, code).reason === 'So it was said.',
  )
  expect(untold).toEqual([])
})
