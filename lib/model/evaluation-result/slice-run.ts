import type { Asker } from '#lib/platform/concurrency/heavy-reads.ts'
import { proportionStatistic } from '#lib/statistics/wilson-interval.ts'
import type { RunSlices, SliceDimension } from './schema.ts'
import { BANDS, type SlicedImage, sliceNameOf } from './slice-names.ts'
import { getSlicedRun, type SlicedRun } from './sliced-run.ts'

/** Below it an interval of the accuracy is some 35 points wide. */
const SMALL_SLICE = 20
const MOST_SLICES = 200

/** The accuracy of a succeeded run in parts of its images. */
export async function sliceRun(asker: Asker, input: { id: string; by: SliceDimension }): Promise<RunSlices> {
  const { by } = input
  return countSlices(await getSlicedRun(asker, input.id), (image) => sliceNameOf(by, image), BANDS[by])
}

/** The same by anything that a user knows of the images, such as a column of a table: its value by image key. */
export async function sliceRunByValues(
  asker: Asker,
  input: { id: string; values: readonly { imageKey: string; value: string }[] },
): Promise<RunSlices> {
  const byKey = new Map(input.values.map(({ imageKey, value }) => [imageKey.normalize('NFC'), value]))
  const run = await getSlicedRun(asker, input.id)
  return countSlices(run, ({ imageKey }) => byKey.get(imageKey) ?? null, null)
}

/** Over a hundred thousand images in memory, some 20 ms. */
function countSlices(
  run: SlicedRun,
  nameOf: (image: SlicedImage) => string | null,
  bands: readonly string[] | null,
): RunSlices {
  const counts = new Map((bands ?? []).map((name) => [name, { successes: 0, trials: 0 }]))
  let without = 0
  for (const image of run) {
    const name = nameOf(image)
    if (name === null) {
      without += 1
      continue
    }
    const count = counts.get(name) ?? { successes: 0, trials: 0 }
    count.trials += 1
    if (image.isRight) count.successes += 1
    counts.set(name, count)
  }
  const filled = [...counts].filter(([, { trials }]) => trials > 0)
  const ordered =
    bands === null
      ? filled.sort(([a, one], [b, other]) => other.trials - one.trials || (a < b ? -1 : 1))
      : filled
  return {
    slices: ordered.slice(0, MOST_SLICES).map(([name, count]) => ({
      name,
      accuracy: proportionStatistic(count),
      isSmall: count.trials < SMALL_SLICE,
    })),
    more: Math.max(0, ordered.length - MOST_SLICES),
    without,
  }
}
