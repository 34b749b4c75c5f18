import { expect, it } from 'vitest'
import { repetitions } from '#tests/support/repetitions.ts'
import { fuzzDecoder } from './fuzz-decoder.ts'

const CASES = repetitions({ always: 4_000, nightly: 200_000 })
const MOST_SECONDS = repetitions({ always: 60, nightly: 1200 }) // on a slow machine, with fewer cases

it('every mutated image is pixels of the stated size or refused by name, and harms no other', async () => {
  const { cases, controls, outcomes, findings } = await fuzzDecoder({
    seed: 1,
    cases: CASES,
    seconds: MOST_SECONDS,
  })
  expect(findings.map(({ number, names, what }) => `case ${number} (${names.join(', ')}): ${what}`)).toEqual(
    [],
  )
  expect([cases > 1000, controls > 100]).toEqual([true, true])
  // A good share gets past the headers: otherwise only the first bytes of the decoders would be tried.
  expect((outcomes.raster ?? 0) / cases).toBeGreaterThan(0.1)
  expect(Object.keys(outcomes)).toEqual(
    expect.arrayContaining(['CORRUPT_IMAGE', 'TRUNCATED_IMAGE', 'TOO_MANY_PIXELS']),
  )
})
