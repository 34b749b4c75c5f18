import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { modelCardSchema } from '#lib/vocabulary/model-card.ts'
import { apiClient } from '#tests/support/api-client.ts'
import { startInstance } from '#tests/support/instance.ts'
import { PYTHON } from '#tests/support/test-models.ts'
import { busyShareAtRest, describeMachine, packageVersion } from '../machine.ts'
import { type ExportForm, type ModelFile, measureAlternation } from './alternation.ts'
import { IMAGE_KINDS, makeImages } from './make-images.ts'
import { printReport } from './report.ts'

// The seed system's way of evaluating beside ours, in turn, on the same images and the same weights.

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    /** One kind of image alone. */
    kind: { type: 'string' },
    images: { type: 'string' },
    alternations: { type: 'string' },
  },
})
process.env.ORT_DISABLE_TELEMETRY = '1' // in none of the ways: it is not evaluating
const count = Number(values.images ?? (values.quick ? 60 : 500))
const alternations = Number(values.alternations ?? (values.quick ? 1 : 3))
const kinds = IMAGE_KINDS.filter(({ name }) => values.kind === undefined || values.kind === name)
if (!(count > 0 && alternations > 0 && kinds.length > 0)) {
  console.error(
    'node bench/evaluate/main.ts [--quick] [--kind jpeg-256|png-1024] [--images 500] [--alternations 3]',
  )
  process.exit(2)
}

const IMAGE_SEED = 20_261_121
const card = modelCardSchema.parse({
  name: 'benchmark-vit',
  findingClasses: [
    'lung-covid',
    'lung-normal',
    'lung-oct-cnv',
    'lung-oct-dme',
    'lung-oct-drusen',
    'lung-oct-normal',
    'lung-opacity',
    'lung-pneumonia',
    'lung-tuberculosis',
  ],
  output: { logits: 'logits', embedding: 'embedding' },
})

const OUR_VERSIONS = {
  'onnxruntime-node': packageVersion('onnxruntime-node'),
  sharp: packageVersion('sharp'),
}

const work = mkdtempSync(path.join(tmpdir(), 'sr-bench-'))
const say = (text: string) => console.error(text)

function describeModel(form: ExportForm): ModelFile {
  const file = path.join(work, `${form}.onnx`)
  return { file, sha256: createHash('sha256').update(readFileSync(file)).digest('hex') }
}

try {
  say('Exporting the network …')
  execFileSync(PYTHON, ['bench/evaluate/make_models.py', work], { stdio: ['ignore', 'ignore', 'pipe'] })
  const models = { plain: describeModel('plain'), folded: describeModel('folded') }
  say('Starting the service …')
  const instance = await startInstance({ env: { DATASET_ROOTS: work } })
  try {
    const service = { instance, api: apiClient(instance.url, instance.apiKey) }
    for (const kind of kinds) {
      say(`Making ${count} images ${kind.name} …`)
      const folder = path.join(work, kind.name)
      mkdirSync(folder)
      await makeImages(folder, kind, { count, findingClasses: card.findingClasses, seed: IMAGE_SEED })
      const measured = []
      for (let number = 1; number <= alternations; number++) {
        const busyShare = await busyShareAtRest()
        say(
          `${kind.name}, alternation ${number}: others keep ${(busyShare * 100).toFixed(0)} % of the cores busy`,
        )
        measured.push(
          await measureAlternation({ service, folder, kind: kind.name, number, busyShare, models, card }),
        )
      }
      console.log(describeMachine({ ...OUR_VERSIONS, ...measured[0]?.versions }))
      printReport(kind.name, count, measured)
      rmSync(folder, { recursive: true })
    }
  } finally {
    await instance.stop()
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}
