import { parseArgs } from 'node:util'
import { sweepKills } from './sweep-kills.ts'

// `node tests/faults/kill-sweep.ts --runs 100 --seed 1`: many more kills than the tests have time for.

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } },
})
const say = (line: string) => console.log(line)
const tally = await sweepKills({ runs: Number(values.runs), seed: Number(values.seed), say })
console.log(JSON.stringify(tally))
