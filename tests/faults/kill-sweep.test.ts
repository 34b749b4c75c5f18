import { expect, it } from 'vitest'
import { sweepKills } from './sweep-kills.ts'

/** A hundred and more: `node tests/faults/kill-sweep.ts --runs 100`. */
const RUNS = 6

it('F01-F03: counts every image once whichever processes of the instance are killed at a random point', async () => {
  const seed = Number(process.env.SWEEP_SEED ?? Date.now() % 1_000_000)
  const said: string[] = [`seed ${seed}`]
  try {
    expect(await sweepKills({ runs: RUNS, seed, say: (line) => said.push(line) })).toMatchObject({
      runs: RUNS,
    })
  } finally {
    console.log(said.join('\n'))
  }
})
