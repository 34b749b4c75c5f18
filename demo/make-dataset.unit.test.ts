import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPatients } from '#lib/data/snapshot/patient-pattern.ts'
import { DEMO_FINDINGS } from './findings.ts'
import {
  DEMO_PATIENT_PATTERN,
  type DemoDatasets,
  drawMissingDatasets,
  makeDemoDatasets,
} from './make-dataset.ts'

const few = DEMO_FINDINGS.filter(({ findingClass }) => /covid|dme/.test(findingClass)).map((finding) => ({
  ...finding,
  patients: 12,
}))

let root: string
let made: DemoDatasets
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'demo-datasets-'))
  made = await makeDemoDatasets(path.join(root, 'one'), { seed: 7, findings: few, threads: 1 })
}, 60_000)
afterAll(() => rm(root, { recursive: true }))

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort()
}

async function hashesBelow(folder: string): Promise<string[]> {
  const files = await filesBelow(folder)
  const hash = async (file: string) =>
    createHash('sha256')
      .update(await readFile(path.join(folder, file)))
      .digest('hex')
  return Promise.all(files.map(async (file) => `${file} ${await hash(file)}`))
}

// Each drawing takes a second, but many on a machine that is busy with other suites.
describe('makeDemoDatasets', { timeout: 60_000 }, () => {
  it('writes the four datasets, each image in one of them, and nothing else', async () => {
    const folder = path.join(root, 'one')
    expect((await readdir(folder)).sort()).toEqual(['final_eval', 'test', 'train', 'val'])
    const files = await filesBelow(folder)
    expect(files).toHaveLength(24)
    expect(new Set(files.map((file) => path.basename(file))).size).toBe(files.length)
    for (const { folder: dataset, images } of Object.values(made))
      expect(await filesBelow(dataset)).toHaveLength(images)
  })

  it('draws greyscale JPEGs of 256 pixels whose names tell the finding class and the patient', async () => {
    for (const file of await filesBelow(made.train.folder)) {
      const [findingClass = '', name = ''] = file.split(path.sep)
      expect(name).toMatch(new RegExp(`^(north|south|harbour)-${findingClass}-\\d{5}_\\d\\.jpg$`))
      expect(await readPatients(DEMO_PATIENT_PATTERN, [name])).toEqual([name.slice(-11, -6)])
      const { format, width, height, channels, space } = await sharp(
        path.join(made.train.folder, file),
      ).metadata()
      expect({ format, width, height, channels, space }).toEqual({
        format: 'jpeg',
        width: 256,
        height: 256,
        channels: 1,
        space: 'b-w',
      })
    }
  })

  it('gives the same bytes for the same seed, on one thread as on three, and others for another', async () => {
    await makeDemoDatasets(path.join(root, 'three'), { seed: 7, findings: few, threads: 3 })
    await makeDemoDatasets(path.join(root, 'other'), { seed: 8, findings: few, threads: 1 })
    const one = await hashesBelow(path.join(root, 'one'))
    expect(await hashesBelow(path.join(root, 'three'))).toEqual(one)
    const contents = (lines: string[]) => lines.map((line) => line.split(' ')[1])
    const other = new Set(contents(await hashesBelow(path.join(root, 'other'))))
    expect(contents(one).filter((hash) => other.has(hash))).toEqual([])
    expect(new Set(contents(one)).size).toBe(one.length)
  })

  it('starts again where an earlier one was killed', async () => {
    const folder = path.join(root, 'again')
    await mkdir(path.join(folder, '.unfinished-train', 'left-over'), { recursive: true })
    await makeDemoDatasets(folder, { seed: 7, findings: few, threads: 1 })
    expect(await hashesBelow(folder)).toEqual(await hashesBelow(path.join(root, 'one')))
    expect(await readdir(path.join(folder, 'train'))).toEqual(['lung-covid', 'lung-oct-dme'])
  })

  it('draws the datasets that are missing, and leaves the others as they are', async () => {
    const folder = path.join(root, 'missing')
    await mkdir(path.join(folder, 'val', 'mine'), { recursive: true })
    const counted: number[] = []
    const options = { seed: 7, findings: few, threads: 1, onDrawn: (images: number) => counted.push(images) }
    await drawMissingDatasets(folder, ['test', 'val'], options)
    expect((await readdir(folder)).sort()).toEqual(['test', 'val'])
    expect(await readdir(path.join(folder, 'val'))).toEqual(['mine'])
    const all = await hashesBelow(path.join(root, 'one'))
    const test = await hashesBelow(path.join(folder, 'test'))
    expect(all.filter((line) => line.startsWith('test/'))).toEqual(test.map((line) => `test/${line}`))
    expect(counted).toEqual(test.map((_, index) => index + 1))
  })

  it('leaves nothing half drawn when an image cannot be written', async () => {
    const folder = path.join(root, 'refused')
    const [covid] = few
    if (covid === undefined) throw new Error('no finding')
    const unwritable = { ...covid, findingClass: 'x'.repeat(240) }
    const drawing = drawMissingDatasets(folder, ['train'], { seed: 7, findings: [unwritable] })
    await expect(drawing).rejects.toMatchObject({ code: 'ENAMETOOLONG' })
    expect(await readdir(folder)).toEqual([])
  })

  it('does not mix its images with those of an existing dataset', async () => {
    const folder = path.join(root, 'taken')
    await mkdir(path.join(folder, 'val'), { recursive: true })
    await expect(makeDemoDatasets(folder, { seed: 1, findings: few })).rejects.toThrow('val exists already')
    expect(await readdir(folder)).toEqual(['val'])
  })
})
