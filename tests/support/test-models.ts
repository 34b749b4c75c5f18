import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { type ModelCard, modelCardSchema } from '#lib/vocabulary/model-card.ts'

/** The interpreter with the trainer and its development extras. */
export const PYTHON = existsSync('.venv/bin/python') ? '.venv/bin/python' : 'python3'

let made: Promise<string> | undefined

/** The folder of the models of make_models.py, made once per test process. */
async function modelFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'test-models-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  await promisify(execFile)(PYTHON, ['tests/support/make_models.py', folder])
  return folder
}

export async function readTestModel(name: string): Promise<{ bytes: Buffer; sha256: string }> {
  made ??= modelFolder()
  const bytes = await readFile(path.join(await made, `${name}.onnx`))
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** The card that the models of make_models.py go with, with anything else on top. */
export function testModelCard(changes: Record<string, unknown> = {}): ModelCard {
  return modelCardSchema.parse({
    name: 'test-model',
    findingClasses: ['lung-covid', 'lung-normal', 'lung-pneumonia'],
    ...changes,
  })
}
