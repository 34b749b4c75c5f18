import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { readOrientation } from '#lib/imaging/decoding/read-orientation.ts'
import { PYTHON } from '#tests/support/test-models.ts'

type Row = [exif: string | null, xmp: string | null, orientation: number]

it('follows the orientation that Pillow follows, in sound and in damaged annotations', async () => {
  const { stdout } = await promisify(execFile)(PYTHON, ['tests/parity/orientations.py'], {
    maxBuffer: 2 ** 26,
  })
  const rows = JSON.parse(stdout) as Row[]
  const bytes = (digits: string | null) => (digits === null ? null : Buffer.from(digits, 'hex'))
  const differing = rows.filter(
    ([exif, xmp, expected]) => readOrientation({ exif: bytes(exif), xmp: bytes(xmp) }) !== expected,
  )
  expect(differing).toEqual([])
  expect(new Set(rows.map(([, , expected]) => expected))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7, 8]))
  expect(rows.length).toBeGreaterThan(1000)
})
