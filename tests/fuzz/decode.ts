import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { fuzzDecoder } from './fuzz-decoder.ts'

/**
 *     node tests/fuzz/decode.ts --seconds 3600 --seed 7 [--keep folder]   mutated images for an hour
 *     node tests/fuzz/decode.ts --seed 7 --only 1234 [--keep folder]      one case again
 *
 * From the repository's folder. Exit code 1 when an outcome was found that must not be; `--keep` stores its bytes.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    keep: { type: 'string' },
  },
})
const only = values.only === undefined ? {} : { first: Number(values.only), cases: 1 }
const { cases, controls, outcomes, findings } = await fuzzDecoder({
  seed: Number(values.seed),
  seconds: Number(values.seconds),
  ...only,
})
process.stdout.write(
  `${cases} mutated images, ${controls} unharmed ones in between: ${JSON.stringify(outcomes, null, 2)}\n`,
)
for (const { number, names, what, bytes } of findings) {
  process.stdout.write(`case ${number} (${names.join(', ')}): ${what}\n`)
  if (values.keep === undefined) continue
  mkdirSync(values.keep, { recursive: true })
  writeFileSync(path.join(values.keep, `${values.seed}-${number}`), bytes)
}
process.exitCode = findings.length === 0 ? 0 : 1
