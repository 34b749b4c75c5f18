import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { modelCardSchema } from '#lib/vocabulary/model-card.ts'
import { SessionCache } from './onnx-session.ts'
import { PROBE_MODEL } from './probe-model.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'sessions-'))
afterAll(() => rmSync(folder, { recursive: true }))
const card = modelCardSchema.parse({ name: 'm', findingClasses: ['a', 'b'] })

/** The same graph in files that differ: by the name of the producer, field 2. */
const models = [...'abcde'].map((producer) => {
  const bytes = Buffer.concat([PROBE_MODEL, Buffer.from([0x12, 1, producer.charCodeAt(0)])])
  const file = path.join(folder, producer)
  writeFileSync(file, bytes)
  return { sha256: createHash('sha256').update(bytes).digest('hex'), file, card }
})
const fileBytes = PROBE_MODEL.length + 3

async function keptAfterAll(budgetBytes: number): Promise<boolean[]> {
  const sessions = new SessionCache('cpu', budgetBytes)
  for (const model of models) await sessions.get(model)
  return models.map(({ sha256 }) => sessions.has(sha256))
}

it('keeps the three sessions that were used last', async () => {
  expect(await keptAfterAll(100 * fileBytes)).toEqual([false, false, true, true, true])
})

it('keeps fewer where their models are large, and always the one in use', async () => {
  expect(await keptAfterAll(2 * fileBytes)).toEqual([false, false, false, true, true])
  expect(await keptAfterAll(1)).toEqual([false, false, false, false, true])
})
