import { rm } from 'node:fs/promises'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { hashImage } from '#lib/imaging/decoding/perceptual-hash.ts'
import type { HashResult } from '#lib/imaging/decoding/render-image.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { seededRandom } from '#lib/statistics/seeded-random.ts'
import { countStatements } from '#tests/support/count-statements.ts'
import { openRunHarness, type RunHarness, TEST_CLASSES } from '#tests/support/test-runs.ts'
import { checkLeakage } from './check-leakage.ts'
import { ImageHasher } from './hash-next-images.ts'
import { searchNextPair } from './search-next-pair.ts'

const [covid = '', normal = ''] = TEST_CLASSES
let harness: RunHarness
let decoded: number

beforeAll(async () => {
  harness = await openRunHarness()
})
afterAll(() => harness.close())
beforeEach(() => {
  decoded = 0
})

/** Blobs: different for each number. */
function draw(number: number): Sharp {
  const side = 128
  const random = seededRandom(number)
  const blobs = Array.from({ length: 80 }, () => ({ x: random(), y: random(), level: random() * 200 }))
  const data = Uint8Array.from({ length: side * side }, (_, at) => {
    const [x, y] = [(at % side) / side, Math.floor(at / side) / side]
    const level = blobs.reduce(
      (sum, blob) => sum + blob.level * Math.exp(-600 * ((x - blob.x) ** 2 + (y - blob.y) ** 2)),
      20,
    )
    return Math.min(255, level)
  })
  return sharp(data, { raw: { width: side, height: side, channels: 1 } }).toColourspace('b-w')
}

/** The background work in this process, without children; or with children that always say this. */
const newHasher = (said?: HashResult) =>
  new ImageHasher(harness, {
    sources: harness.datasets.sources,
    renderer: () => ({
      inTurn: (work) => work(),
      hash: async (image) => {
        decoded++
        if (said !== undefined) return said
        try {
          return { status: 'hashed', ...(await hashImage(image)) }
        } catch {
          return { status: 'refused', code: 'CORRUPT_IMAGE', message: 'no image' }
        }
      },
    }),
  })
async function hashAll(hasher = newHasher()): Promise<void> {
  const { signal } = new AbortController()
  while (await hasher.hashNext(signal)) {}
  while (await searchNextPair(harness.db, signal)) {}
}

/** A run on `judged-…` by a version that was trained on `trained-…`. */
async function evaluate(name: string, files: { trained: object; judged: object }): Promise<string> {
  await harness.datasets.register(`trained-${name}`, files.trained as Record<string, Uint8Array>)
  await harness.datasets.register(`judged-${name}`, files.judged as Record<string, Uint8Array>)
  await harness.startRun(await harness.makeVersion(), `trained-${name}`) // scans it
  const lineage = { parent: null, trainingRun: null, snapshots: [`trained-${name}`], codeVersion: null }
  const run = await harness.startRun(await harness.makeVersion({ lineage }), `judged-${name}`)
  await harness.work(run)
  return run
}
const check = (id: string) => checkLeakage(harness.context(), { id })

test('finds pictures that were saved anew, resized or mirrored, and not those that are identical or others', async () => {
  const run = await evaluate('copies', {
    trained: {
      [`${covid}/one.png`]: await draw(1).png().toBuffer(),
      [`${covid}/two.png`]: await draw(2).png().toBuffer(),
      [`${normal}/three.png`]: await draw(3).png().toBuffer(),
    },
    judged: {
      [`${covid}/identical.png`]: await draw(1).png().toBuffer(),
      [`${covid}/saved.jpg`]: await draw(1).jpeg({ quality: 60 }).toBuffer(),
      [`${normal}/small.png`]: await draw(2).resize(80, 80).png().toBuffer(),
      [`${normal}/mirrored.png`]: await draw(3).flop().png().toBuffer(),
      [`${normal}/other.png`]: await draw(4).png().toBuffer(),
    },
  })
  const before = { sharedImages: 1, nearDuplicates: 0, hashed: { done: 0, undecodable: 0 } }
  expect(await check(run)).toMatchObject({ ...before, hashed: { total: 5 } }) // the training is not looked at yet
  await searchNextPair(harness.db, new AbortController().signal)
  expect(await check(run)).toMatchObject({ ...before, hashed: { total: 7 } })
  await hashAll()
  const leakage = await check(run)
  expect(leakage).toMatchObject({
    sharedImages: 1,
    nearDuplicates: 3,
    hashed: { done: 7, undecodable: 0, total: 7 },
  })
  const pairs = leakage.nearestPairs.map((pair) => [pair.imageKey, pair.trainedImageKey, pair.isMirrored])
  expect(pairs.sort()).toEqual([
    [`${covid}/saved.jpg`, `${covid}/one.png`, false],
    [`${normal}/mirrored.png`, `${normal}/three.png`, true],
    [`${normal}/small.png`, `${covid}/two.png`, false],
  ])
  await hashAll()
  expect(decoded).toBe(7) // nothing twice
})

test('counts what cannot be decoded as looked at, and what cannot be read as not', async () => {
  const run = await evaluate('faulty', {
    trained: { [`${covid}/a.png`]: await draw(5).png().toBuffer() },
    judged: {
      [`${covid}/gone.png`]: await draw(6).png().toBuffer(),
      [`${normal}/cut.png`]: (await draw(7).png().toBuffer()).subarray(0, 200),
      [`${normal}/b.png`]: await draw(5).jpeg().toBuffer(),
    },
  })
  const { folder } = harness.datasets
  const bytes = await draw(6).png().toBuffer()
  await rm(`${folder}/judged-faulty/${covid}/gone.png`)
  const hasher = newHasher()
  await hashAll(hasher)
  await hashAll(hasher) // a second pass neither goes round in circles nor reads again
  expect(decoded).toBe(3)
  expect(await check(run)).toMatchObject({
    nearDuplicates: 1,
    hashed: { done: 3, undecodable: 1, total: 4 },
  })
  await harness.datasets.write('judged-faulty', { [`${covid}/gone.png`]: bytes })
  await hashAll() // of the next process
  expect((await check(run)).hashed).toEqual({ done: 4, undecodable: 1, total: 4 })
})

test('takes another copy of an image whose file is gone', async () => {
  const copy = await draw(10).png().toBuffer()
  const files = { trained: { [`${covid}/a.png`]: copy }, judged: { [`${covid}/b.png`]: copy } }
  const run = await evaluate('twice', files)
  await rm(`${harness.datasets.folder}/judged-twice/${covid}/b.png`)
  const hasher = newHasher()
  await hashAll(hasher)
  await hashAll(hasher)
  expect((await check(run)).hashed).toMatchObject({ done: 1, total: 1 })
})

test('keeps for ever only what the content itself is to blame for', async () => {
  const files = { [`${covid}/a.png`]: await draw(11).png().toBuffer() }
  const run = await evaluate('slow', { trained: files, judged: files })
  await hashAll(newHasher({ status: 'refused', code: 'DECODE_TIMEOUT', message: 'too slow' }))
  expect((await check(run)).hashed).toMatchObject({ done: 0, total: 1 })
  await hashAll()
  expect((await check(run)).hashed).toMatchObject({ done: 1, undecodable: 0, total: 1 })
})

test('rests while an evaluation is under way, not while one waits', async () => {
  const files = { [`${covid}/a.png`]: await draw(8).png().toBuffer() }
  const run = await evaluate('resting', { trained: files, judged: files })
  const other = await harness.startRun(await harness.makeVersion(), 'judged-resting')
  let meanwhile = -1
  harness.evaluator.onEvaluation = async (exchange) => {
    await hashAll()
    meanwhile = (await check(run)).hashed.done
    harness.evaluator.answer(exchange)
  }
  await harness.work(other)
  expect(meanwhile).toBe(0)
  harness.evaluator.forget()
  await harness.startRun(await harness.makeVersion(), 'judged-resting') // waits for its turn
  await hashAll()
  expect((await check(run)).hashed.done).toBe(1)
})

test('goes on with other datasets while the store of one is away', async () => {
  const [one, other] = [await draw(12).png().toBuffer(), await draw(13).png().toBuffer()]
  const run = await evaluate('away', {
    trained: { [`${covid}/away.png`]: one },
    judged: { [`${covid}/there.png`]: other },
  })
  harness.datasets.beforeRead = async (key) => {
    if (key.endsWith('away.png')) throw new ServiceError('UNAVAILABLE', 'The bucket does not answer.')
  }
  const hasher = newHasher()
  await hashAll(hasher)
  expect((await check(run)).hashed).toMatchObject({ done: 1, total: 2 })
  harness.datasets.beforeRead = async () => {}
  await hashAll(hasher)
  expect((await check(run)).hashed).toMatchObject({ done: 2, total: 2 })
})

test('a page only reads what was found, and is not counted twice', async () => {
  const files = { [`${covid}/a.png`]: await draw(14).png().toBuffer() }
  const run = await evaluate('read', { trained: files, judged: files })
  await hashAll()
  const first = await check(run)
  const statements = await countStatements(harness.db, () => check(run))
  expect(statements).toBe(4) // the run, its version's card, the snapshot that it names, and what was found
  expect(await check(run)).toEqual(first)
})

test('a search that is stopped stores nothing, and is done anew', async () => {
  const files = { [`${covid}/a.png`]: await draw(15).png().toBuffer() }
  const copy = { [`${covid}/b.jpg`]: await draw(15).jpeg().toBuffer() }
  const run = await evaluate('stopped', { trained: files, judged: copy })
  await expect(searchNextPair(harness.db, AbortSignal.abort())).resolves.toBe(false)
  await hashAll()
  expect(await check(run)).toMatchObject({ nearDuplicates: 1, hashed: { done: 2, total: 2 } })
  expect(await searchNextPair(harness.db, new AbortController().signal)).toBe(false)
})

test('looks at nothing that no check needs', async () => {
  await harness.datasets.register('unrelated', { [`${covid}/a.png`]: await draw(9).png().toBuffer() })
  const lineage = { parent: null, trainingRun: null, snapshots: ['nowhere'], codeVersion: null }
  await harness.work(await harness.startRun(await harness.makeVersion({ lineage }), 'unrelated'))
  await hashAll()
  expect(decoded).toBe(0)
})
