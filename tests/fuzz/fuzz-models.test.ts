import { expect, it } from 'vitest'
import { repetitions } from '#tests/support/repetitions.ts'
import { fuzzModels } from './fuzz-models.ts'

it('whatever the runtime has of a mutated model, the inspector has seen', async () => {
  const cases = repetitions({ always: 800, nightly: 20_000 })
  const { accepted, loaded, findings } = await fuzzModels({ seed: 1, cases })
  expect(findings).toEqual([])
  // A good share gets through both: otherwise only refusals would be tried.
  expect([accepted / cases > 0.075, loaded / cases > 0.025]).toEqual([true, true])
})
