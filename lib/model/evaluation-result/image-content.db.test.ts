import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { listImages } from '#lib/data/image/image-queries.ts'
import { ImageRenderer } from '#lib/imaging/decoding/render-image.ts'
import { type DatasetBench, openDatasetBench } from '#tests/support/test-datasets.ts'
import { makePng } from '#tests/support/test-images.ts'
import { findImageContent } from './image-content.ts'

const IMAGES = 100

let bench: DatasetBench
let renderer: ImageRenderer
let ids: number[]
beforeAll(async () => {
  bench = await openDatasetBench()
  renderer = new ImageRenderer({
    root: path.resolve('.'),
    size: 2,
    environment: { PATH: process.env.PATH ?? '' },
  })
  const files = Array.from({ length: IMAGES }, (_, n) => [
    `lung-normal/${n}.png`,
    makePng({ width: 512, height: 512, shade: n, note: `image ${n}` }),
  ])
  await bench.register('shown', Object.fromEntries(files))
  await bench.scan('shown')
  const listed = await listImages(bench.context(), { dataset: 'shown', after: null, take: 500 })
  ids = listed.map(({ id }) => id)
})
afterAll(async () => {
  await renderer.close()
  await bench.close()
})

const find = (id: number) =>
  findImageContent(bench, { sources: bench.sources, renderer }, { id, size: 'thumbnail' })

test('a hundred thumbnails asked for at once are all made, each original read once, and kept', async () => {
  bench.reads.length = 0
  const contents = await Promise.all(ids.map(find))
  const made = await Promise.all(contents.map((content) => content.read()))
  expect(made.every(({ bytes }) => bytes.length > 0 && bytes.length <= 10_000)).toBe(true)
  expect(new Set(contents.map(({ entityTag }) => entityTag)).size).toBe(IMAGES)
  expect(bench.reads).toHaveLength(IMAGES)
  const again = await Promise.all((await Promise.all(ids.map(find))).map((content) => content.read()))
  expect(bench.reads).toHaveLength(IMAGES)
  expect(again.map(({ bytes }) => Buffer.from(bytes))).toEqual(made.map(({ bytes }) => Buffer.from(bytes)))
  const folder = path.join(path.dirname(bench.folder), 'own', 'thumbnails')
  expect(readdirSync(folder)).toHaveLength(IMAGES)
  expect(
    readFileSync(path.join(folder, readdirSync(folder)[0] ?? ''))
      .subarray(8, 12)
      .toString(),
  ).toBe('WEBP')
})
