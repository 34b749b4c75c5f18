import { formatSeconds } from '#app/_format/measure.ts'
import { formatCount, formatNumber } from '#app/_format/ratio.ts'
import type { RunState } from './run-state.ts'

/** What a run is at, in words; numbers follow in `details`. */
export function describeProgress(run: RunState): {
  headline: string
  details: string[]
  doneRatio: number | null
} {
  const { status, progress, scan, timings, reused } = run
  if (scan.status === 'scanning') {
    const listed = scan.listed > 0 ? `${formatCount(scan.listed)} files found` : 'looking for files'
    return {
      headline: 'Scanning the dataset',
      details: [listed, `${formatCount(scan.hashed)} read`],
      doneRatio: null,
    }
  }
  if (status === 'queued' || progress.total === 0)
    return { headline: 'In queue', details: [], doneRatio: null }
  const details = [`${formatCount(progress.done)} of ${formatCount(progress.total)} images`]
  if (timings.imagesPerSecond !== null)
    details.push(`${formatNumber(timings.imagesPerSecond, 1)} images per second`)
  if (timings.secondsLeft !== null && progress.done < progress.total)
    details.push(`about ${formatSeconds(timings.secondsLeft)} left`)
  if (progress.errors > 0) details.push(`${formatCount(progress.errors)} could not be evaluated`)
  if (reused !== null && reused > 0) details.push(`${formatCount(reused)} had been predicted before`)
  const headline = progress.done === progress.total ? 'Computing the numbers' : 'Evaluating images'
  return { headline, details, doneRatio: progress.done / progress.total }
}
