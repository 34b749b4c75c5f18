import path from 'node:path'
import type { DecodePolicy } from '#lib/imaging/decoding/decode-image.ts'
import { readImageHeader } from '#lib/imaging/decoding/image-header.ts'
import { ProcessPool } from '#lib/platform/process-pool/process-pool.ts'
import type { TaskOutcome } from '#lib/platform/process-pool/task-outcome.ts'
import { seededRandom } from '#lib/statistics/seeded-random.ts'
import type { FuzzReply, FuzzTask } from './decode-worker.ts'
import { mutate } from './mutate.ts'
import { makeSeedImages } from './seed-images.ts'

export type FuzzOptions = {
  seed: number
  /** Number of the first case; a case is the same for the same seed, number and seed images. */
  first?: number
  /** Ends after so many cases, */
  cases?: number
  /** or after this time. */
  seconds?: number
}

/** A case with an outcome that must not be; `bytes` are the mutated file. */
export type Finding = { number: number; names: string[]; what: string; bytes: Buffer }

export type FuzzReport = {
  cases: number
  /** Unharmed images decoded in between. */
  controls: number
  /** How the cases ended: `raster`, a refusal's code, or what became of the child. */
  outcomes: Record<string, number>
  findings: Finding[]
}

const WORKERS = 2
/** Each waits for its outcome before it takes the next: one more than there are children keeps them all busy. */
const LANES = 3
/** As web's children for previews; the evaluator's have the same deadline and more memory. */
const DECODE_SECONDS = 10
const MEMORY_LIMIT_BYTES = 1024 * 2 ** 20
const CASES_PER_CONTROL = 8

type Case = {
  number: number
  names: string[]
  bytes: Buffer
  original: Buffer
  policy: DecodePolicy
  encode: boolean
}

/** Mutated images through decoders in child processes, as production runs them, with unharmed ones in between. */
export async function fuzzDecoder(options: FuzzOptions): Promise<FuzzReport> {
  const pool = new ProcessPool<FuzzTask, FuzzReply>({
    script: path.join(import.meta.dirname, 'decode-worker.ts'),
    settings: {},
    memoryLimitBytes: MEMORY_LIMIT_BYTES,
    environment: { PATH: process.env.PATH ?? '' },
    size: WORKERS,
  })
  try {
    return await runCases(pool, await makeSeedImages(), options)
  } finally {
    await pool.close()
  }
}

async function runCases(
  pool: ProcessPool<FuzzTask, FuzzReply>,
  images: Buffer[],
  options: FuzzOptions,
): Promise<FuzzReport> {
  const runOnce = ({ bytes, policy, encode }: Pick<Case, 'bytes' | 'policy' | 'encode'>) =>
    pool.run(
      { policy, encode },
      { payload: bytes, deadlines: { firstStage: 'decode', seconds: { decode: DECODE_SECONDS } } },
    )
  // On a machine that does other work a child may get no processor for so long: a slow image is slow again.
  const run = async (task: Parameters<typeof runOnce>[0]) => {
    const outcome = await runOnce(task)
    return outcome.kind === 'timeout' ? await runOnce(task) : outcome
  }
  /** The unharmed images' pixels by policy, of their first decoding. */
  const expected = new Map<string, string>()
  const pixelsOf = async (bytes: Buffer, policy: DecodePolicy): Promise<string> => {
    const outcome = await run({ bytes, policy, encode: false })
    if (outcome.kind === 'done' && outcome.value.kind === 'raster') return outcome.value.sha256
    return JSON.stringify(outcome)
  }
  for (const policy of POLICIES)
    for (const [index, bytes] of images.entries()) {
      const pixels = await pixelsOf(bytes, policy)
      if (pixels.length !== 64) throw new Error(`The seed image ${index} cannot be decoded: ${pixels}`)
      expected.set(`${index} ${policy.mode}`, pixels)
    }

  const report: FuzzReport = { cases: 0, controls: 0, outcomes: {}, findings: [] }
  const begun = performance.now()
  let next = options.first ?? 0
  const last = next + (options.cases ?? Number.POSITIVE_INFINITY)
  const isOver = () =>
    next >= last || performance.now() - begun > (options.seconds ?? Number.POSITIVE_INFINITY) * 1000

  const lane = async (): Promise<void> => {
    while (!isOver()) {
      const number = next++
      const found = makeCase(options.seed, number, images)
      const outcome = await run(found)
      report.cases += 1
      const name = nameOf(outcome)
      report.outcomes[name] = (report.outcomes[name] ?? 0) + 1
      const unharmed = expected.get(`${images.indexOf(found.original)} ${found.policy.mode}`)
      const what = findFault(found, outcome, unharmed)
      if (what !== null) report.findings.push({ number, names: found.names, what, bytes: found.bytes })
      if (number % CASES_PER_CONTROL === 0) await control(number)
    }
  }
  const control = async (number: number): Promise<void> => {
    const turn = number / CASES_PER_CONTROL
    const index = turn % images.length
    const policy = POLICIES[Math.floor(turn / images.length) % POLICIES.length] as DecodePolicy
    const bytes = images[index] as Buffer
    report.controls += 1
    const pixels = await pixelsOf(bytes, policy)
    if (pixels === expected.get(`${index} ${policy.mode}`)) return
    report.findings.push({ number, names: ['none'], what: `an unharmed image became ${pixels}`, bytes })
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return report
}

const POLICIES: readonly DecodePolicy[] = [
  { mode: 'L', background: 0, exifOrientation: 'ignore' },
  { mode: 'RGB', background: 128, exifOrientation: 'apply' },
]

function makeCase(seed: number, number: number, images: Buffer[]): Case {
  // Every case has a generator of its own, so that one can be repeated without those before it.
  const random = seededRandom(seed * 1_000_003 + number)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const original = pick(images)
  const { names, bytes } = mutate(original, pick(images), random)
  return { number, names, bytes, original, policy: pick(POLICIES), encode: random() < 0.25 }
}

function nameOf(outcome: TaskOutcome<FuzzReply>): string {
  if (outcome.kind !== 'done') return outcome.kind
  return outcome.value.kind === 'raster' ? 'raster' : outcome.value.code
}

/**
 * What is wrong about an outcome, or null. Production gives a child's death a name too (`DECODE_TIMEOUT`,
 * `DECODE_CRASH`), but no file this small may cost a child.
 */
function findFault(
  found: Case,
  outcome: TaskOutcome<FuzzReply>,
  unharmed: string | undefined,
): string | null {
  if (outcome.kind === 'failed') return `an error without a name: ${outcome.message}`
  if (outcome.kind !== 'done') return `it ended its child: ${JSON.stringify(outcome)}`
  const reply = outcome.value
  if (reply.kind === 'refused') return null
  const header = readImageHeader(found.bytes)
  if (typeof header === 'string') return `pixels of what is ${header}`
  const sides = [header.width, header.height]
  const turned = found.policy.exifOrientation === 'apply' ? sides.toReversed() : sides
  const fits = [sides, turned].some(([width, height]) => width === reply.width && height === reply.height)
  if (!fits || reply.samples !== reply.width * reply.height * reply.bands)
    return `${JSON.stringify(reply)} of an image of ${header.width} × ${header.height}`
  if (found.policy.mode === 'L' && reply.bands !== 1) return 'colours where grey was asked for'
  // Whatever a few flipped bits hit in a PNG, a checksum sees it: the pixels are the old ones, or there are none.
  const flippedPng = header.format === 'png' && found.names.every((name) => name === 'flip')
  if (flippedPng && reply.sha256 !== unharmed) return 'other pixels than before a few bits were flipped'
  return null
}
