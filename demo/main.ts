import { parseArgs } from 'node:util'
import { makeDemoDatasets } from './make-dataset.ts'

const USAGE = 'Usage: node demo/main.ts --out DIR [--seed N]   (N: up to nine digits, 1 if left out)'

try {
  const { values } = parseArgs({
    options: { out: { type: 'string' }, seed: { type: 'string', default: '1' } },
  })
  if (values.out === undefined || !/^\d{1,9}$/.test(values.seed)) throw new Error(USAGE)
  const datasets = await makeDemoDatasets(values.out, { seed: Number(values.seed) })
  for (const [name, { folder, images, patients }] of Object.entries(datasets))
    console.log(`${name}: ${images} images of ${patients} patients in ${folder}`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
