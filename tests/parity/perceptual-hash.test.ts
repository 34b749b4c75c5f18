import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hashImage, type PerceptualHash } from '#lib/imaging/decoding/perceptual-hash.ts'
import { HashIndex } from '#lib/model/leakage/hash-index.ts'
import { NEAR_DUPLICATE_BITS, packHashes } from '#lib/model/leakage/packed-hashes.ts'
import { PYTHON } from '#tests/support/test-models.ts'
import { DEMO_FINDINGS } from '../../demo/findings.ts'
import { makeDemoDatasets } from '../../demo/make-dataset.ts'

const run = promisify(execFile)
const RADIOGRAPHS = '../shared/xray/final_eval'
const PATIENTS_PER_CLASS = 5

type Image = {
  file: string
  hash: PerceptualHash
  reference: { hash: string; copies: Record<string, string> }
}

let folder: string
let images: Image[]

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'parity-'))
  const findings = DEMO_FINDINGS.map((finding) => ({ ...finding, patients: PATIENTS_PER_CLASS }))
  await makeDemoDatasets(path.join(folder, 'drawn'), { seed: 1, findings })
  const planted = path.join(folder, 'planted')
  await mkdir(planted)
  const files = await jpegsBelow(path.join(folder, 'drawn'))
  if (existsSync(RADIOGRAPHS)) files.push(...(await jpegsBelow(RADIOGRAPHS)))
  const script = ['tests/parity/perceptual_hash.py', planted]
  const { stdout } = await run(PYTHON, [...script, ...files], { maxBuffer: 2 ** 26 })
  const lines = stdout.trim().split('\n')
  images = await Promise.all(
    files.map(async (file, at) => ({
      file,
      hash: await hashImage(await readFile(file)),
      reference: JSON.parse(lines[at] as string) as Image['reference'],
    })),
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('is that of Pillow and SciPy, bit for bit, on every image', () => {
  const differing = images.filter(({ hash, reference }) => hex(hash.upright) !== reference.hash)
  expect(images.length).toBeGreaterThan(60)
  expect(differing.map(({ file }) => file)).toEqual([])
})

it('finds the copies that were planted among all the images, and nothing beside them', async () => {
  const index = new HashIndex(packHashes(images.map(({ hash }) => hash.upright)))
  const missed: string[] = []
  for (const [at, { file, reference }] of images.entries())
    for (const [change, copy] of Object.entries(reference.copies)) {
      const hash = await hashImage(await readFile(copy))
      const seen = change === 'mirrored.jpg' ? hash.mirrored : hash.upright
      if (index.nearest(packHashes([seen]), 0)?.index !== at) missed.push(`${change} of ${file}`)
    }
  // What takes the light parts to white changes the picture itself.
  expect(missed.filter((each) => !each.startsWith('brighter'))).toEqual([])
  expect(missed.length / images.length).toBeLessThan(0.02)
})

it('takes no image for another one’s copy', () => {
  const alike = images.flatMap(({ hash, file }, at) => {
    const others = images.filter((_, other) => other !== at)
    const index = new HashIndex(packHashes(others.map((each) => each.hash.upright)))
    const nearest = index.nearest(packHashes([hash.upright]), 0)
    return nearest === null ? [] : [`${file} and ${others[nearest.index]?.file}: ${nearest.distance}`]
  })
  expect(alike, `differ in at most ${NEAR_DUPLICATE_BITS} bits`).toEqual([])
})

const hex = (bits: Uint8Array) => Buffer.from(bits).toString('hex')

async function jpegsBelow(root: string): Promise<string[]> {
  const names = await readdir(root, { recursive: true })
  return names
    .filter((name) => name.endsWith('.jpg'))
    .map((name) => path.join(root, name))
    .sort()
}
