import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { inspectOnnx, type OnnxContents } from '#evaluator/inspect-onnx.ts'
import { seededRandom } from '#lib/statistics/seeded-random.ts'
import { PYTHON, readTestModel } from '#tests/support/test-models.ts'
import { mutateModel } from './mutate-model.ts'

export type ModelFuzzReport = {
  cases: number
  /** Of these the inspector takes so many, and the runtime so many of those. */
  accepted: number
  loaded: number
  findings: string[]
}

type Sight = {
  name: string
  protobuf: string[] | null
  runtime: { operators: string[]; readFile: boolean } | null
}

/** What a mutation could hide, and what it could hide it in. */
const SEEDS = [
  'valid',
  'branch',
  'endless-loop',
  'custom-operator',
  'external-missing',
  'two-outputs',
  'function',
  'sparse-initializer',
]

/** What the weights in another file are, so that a model that has read it can be told by its bytes. */
const MARKED = Buffer.from('these bytes lie in another file.'.repeat((4096 * 3 * 4) / 32))

/**
 * Mutated models through the inspector, and those that it takes through the runtime: whatever the runtime then has must
 * be what the inspector saw.
 */
export async function fuzzModels(options: { seed: number; cases: number }): Promise<ModelFuzzReport> {
  const random = seededRandom(options.seed)
  const seeds = await Promise.all(SEEDS.map(async (name) => (await readTestModel(name)).bytes))
  const folder = await mkdtemp(path.join(tmpdir(), 'fuzz-models-'))
  try {
    await writeFile(path.join(folder, 'weights.bin'), MARKED)
    const accepted = new Map<string, { names: string[]; contents: OnnxContents }>()
    for (let number = 0; number < options.cases; number++) {
      const model = seeds[number % seeds.length] as Buffer
      const other = seeds[Math.floor(random() * seeds.length)] as Buffer
      const { names, bytes } = mutateModel(model, other, random)
      const contents = inspect(bytes)
      if (contents === null || contents.externalData) continue // neither is ever loaded
      const name = `${String(number).padStart(6, '0')}.onnx`
      accepted.set(name, { names, contents })
      await writeFile(path.join(folder, name), bytes)
    }
    const sights = await look(folder)
    const findings = sights.flatMap((sight) => {
      const { names, contents } = accepted.get(sight.name) ?? { names: [], contents: null }
      return compare(sight, contents).map((what) => `${sight.name} (${names.join(', ')}): ${what}`)
    })
    const loaded = sights.filter(({ runtime }) => runtime !== null).length
    return { cases: options.cases, accepted: accepted.size, loaded, findings }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function inspect(bytes: Buffer): OnnxContents | null {
  try {
    return inspectOnnx(bytes)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

async function look(folder: string): Promise<Sight[]> {
  await promisify(execFile)(PYTHON, ['tests/fuzz/runtime_sight.py', folder], { maxBuffer: 2 ** 28 }).then(
    ({ stdout }) => writeFile(path.join(folder, 'sights'), stdout),
  )
  const text = await readFile(path.join(folder, 'sights'), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Sight)
}

function compare({ protobuf, runtime }: Sight, contents: OnnxContents | null): string[] {
  if (contents === null) return ['it was never inspected']
  const seen = [...contents.operators].sort()
  const unseen = runtime?.operators.filter((name) => !contents.operators.has(name)) ?? []
  return [
    ...(protobuf !== null && protobuf.join() !== seen.join()
      ? [`protobuf sees ${protobuf}, we ${seen}`]
      : []),
    ...(unseen.length > 0 ? [`the runtime alone sees ${unseen}`] : []),
    ...(runtime?.readFile === true ? ['the runtime has read another file'] : []),
  ]
}
