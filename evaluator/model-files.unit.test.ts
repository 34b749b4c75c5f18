import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openObjectStore } from '#lib/platform/object-store/open.ts'
import { ModelFiles } from './model-files.ts'
import { makePrivateFolder } from './private-folder.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'model-store-'))
const store = openObjectStore(`file:${folder}`)
const bytes = Buffer.from('a model')
const sha256 = createHash('sha256').update(bytes).digest('hex')
const files = new ModelFiles(store, makePrivateFolder(), 1000)
beforeAll(() => store.put(`models/${sha256}.onnx`, bytes, { contentType: 'application/octet-stream' }))
afterAll(async () => {
  files.remove()
  await store.close()
  rmSync(folder, { recursive: true })
})

it('fetches a model once', async () => {
  const [first, second] = await Promise.all([files.get(sha256), files.get(sha256)])
  expect(second).toBe(first)
  expect(readFileSync(first)).toEqual(bytes)
})

it('fetches it again when the system has cleared its temporary folder', async () => {
  rmSync(path.dirname(await files.get(sha256)), { recursive: true })
  const [first, second] = await Promise.all([files.get(sha256), files.get(sha256)])
  expect([first, second].map((file) => readFileSync(file))).toEqual([bytes, bytes])
})
