import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeImage } from '#lib/imaging/decoding/decode-image.ts'
import { ImageRefused } from '#lib/imaging/decoding/image-refused.ts'
import { resampleRaster } from '#lib/imaging/decoding/resample-raster.ts'
import type { ModelCard } from '#lib/vocabulary/model-card.ts'
import { PYTHON, testModelCard } from '#tests/support/test-models.ts'

const run = promisify(execFile)
const RADIOGRAPHS = '../shared/xray/final_eval'

type ReferenceLine = { file: string } & (
  | { offset: number; height: number; width: number; bands: number }
  | { code: string; message: string }
)

let folder: string
let images: string[]

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'parity-'))
  await run(PYTHON, ['tests/parity/make_images.py', folder])
  images = [...(await filesBelow(folder)), ...(existsSync(RADIOGRAPHS) ? await filesBelow(RADIOGRAPHS) : [])]
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const cards: Record<string, ModelCard> = {
  'grey 64 × 64, the seed system’s': testModelCard(),
  'grey 224 × 96, bicubic, turned upright, on white': testModelCard({
    input: { width: 224, height: 96 },
    preprocessing: { resample: 'bicubic', exifOrientation: 'apply', background: 255 },
  }),
  'colour 100 × 128, on grey': testModelCard({
    input: { width: 100, height: 128, channels: 3 },
    preprocessing: { mode: 'RGB', background: 77 },
  }),
  'colour 61 × 61, nearest': testModelCard({
    input: { width: 61, height: 61, channels: 3 },
    preprocessing: { mode: 'RGB', resample: 'nearest', exifOrientation: 'apply' },
  }),
  'grey 320 × 300, often enlarged': testModelCard({ input: { width: 320, height: 300 } }),
}

describe.each(Object.entries(cards))('pixels for a card of %s', (_name, card) => {
  it('are those of the reference, bit for bit, on every image', async () => {
    const { lines, pixels } = await referencePixels(card)
    const differing: string[] = []
    for (const line of lines) {
      const difference = await compare(line, pixels, card)
      if (difference !== null) differing.push(`${path.basename(line.file)}: ${difference}`)
    }
    expect(lines.length).toBeGreaterThan(600)
    expect(differing).toEqual([])
  })
})

/** Null where both sides agree: on every pixel, or on the code of the refusal. */
async function compare(line: ReferenceLine, pixels: Buffer, card: ModelCard): Promise<string | null> {
  const ours = await pixelsOf(await readFile(line.file), card)
  if ('code' in line || 'code' in ours) {
    const codes = ['code' in ours ? ours.code : 'accepted', 'code' in line ? line.code : 'accepted']
    return codes[0] === codes[1] ? null : `${codes[0]}, reference ${codes[1]}`
  }
  const theirs = pixels.subarray(line.offset, line.offset + line.height * line.width * line.bands)
  if (theirs.length !== ours.data.length) return `${ours.data.length} samples, reference ${theirs.length}`
  if (theirs.equals(ours.data)) return null
  const differences = Array.from(theirs, (level, i) => Math.abs(level - (ours.data[i] as number)))
  const largest = differences.reduce((a, b) => Math.max(a, b), 0)
  const mean = differences.reduce((a, b) => a + b, 0) / differences.length
  return `differs by ${mean.toFixed(4)} on average, by ${largest} at most`
}

async function pixelsOf(bytes: Buffer, card: ModelCard): Promise<{ data: Uint8Array } | { code: string }> {
  try {
    const raster = await decodeImage(bytes, card.preprocessing)
    const { width, height } = card.input
    const resized = resampleRaster(raster, width, height, card.preprocessing.resample)
    if (resized.bands === 3 || card.preprocessing.mode === 'L') return resized
    // Grey under a colour card stays in one band here; the reference repeats it.
    return {
      data: Uint8Array.from(
        { length: resized.data.length * 3 },
        (_, i) => resized.data[Math.floor(i / 3)] as number,
      ),
    }
  } catch (error) {
    if (error instanceof ImageRefused) return { code: error.code }
    throw error
  }
}

async function referencePixels(card: ModelCard): Promise<{ lines: ReferenceLine[]; pixels: Buffer }> {
  const cardFile = path.join(folder, 'card.json.txt')
  const out = path.join(folder, 'pixels.raw.txt')
  await writeFile(cardFile, JSON.stringify(card))
  const module = ['-m', 'second_reader_trainer.preprocess_reference', '--card', cardFile, '--out', out]
  const { stdout } = await run(PYTHON, [...module, ...images], { maxBuffer: 2 ** 28 })
  const lines = stdout.trim().split('\n')
  return { lines: lines.map((line) => JSON.parse(line) as ReferenceLine), pixels: await readFile(out) }
}

async function filesBelow(root: string): Promise<string[]> {
  const names = await readdir(root, { recursive: true })
  return names
    .filter((name) => /\.(png|jpg)$/.test(name))
    .map((name) => path.join(root, name))
    .sort()
}
