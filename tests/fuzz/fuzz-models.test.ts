import { expect, it } from 'vitest'
import { fuzzModels } from './fuzz-models.ts'

it('whatever the runtime has of a mutated model, the inspector has seen', async () => {
  const { accepted, loaded, findings } = await fuzzModels({ seed: 1, cases: 4000 })
  expect(findings).toEqual([])
  // A good share gets through both: otherwise only refusals would be tried.
  expect([accepted > 300, loaded > 100]).toEqual([true, true])
})
