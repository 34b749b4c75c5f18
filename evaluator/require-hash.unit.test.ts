import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { requireHash } from './require-hash.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'sr-require-hash-'))
const file = path.join(folder, 'model.onnx')
afterAll(() => rmSync(folder, { recursive: true }))

/** Larger than one piece, and no multiple of it. */
const bytes = Buffer.alloc(9 * 2 ** 20 + 5, 'model')
const sha256 = createHash('sha256').update(bytes).digest('hex')

describe('a model file', () => {
  it('is loaded while it is the one that was inspected', () => {
    writeFileSync(file, bytes)
    expect(() => requireHash({ file, sha256 })).not.toThrow()
  })
  it('is not loaded when one bit of its end has changed', () => {
    writeFileSync(file, bytes.with(bytes.length - 1, 1))
    expect(() => requireHash({ file, sha256 })).toThrow(sha256)
  })
  it('is not loaded when it was cut off', () => {
    writeFileSync(file, bytes)
    truncateSync(file, bytes.length - 1)
    expect(() => requireHash({ file, sha256 })).toThrow('was changed')
  })
})
