import type { RunDurations } from './schema.ts'

export function runDurations(
  run: { createdAt: Date; startedAt: Date | null; finishedAt: Date | null },
  snapshot: { createdAt: Date; finishedAt: Date | null },
  { evaluatedCount, leftCount, now }: { evaluatedCount: number; leftCount: number; now: Date },
): RunDurations {
  const end = run.finishedAt ?? now
  const scannedAt = snapshot.finishedAt
  const queuedFrom = scannedAt === null || scannedAt < run.createdAt ? run.createdAt : scannedAt
  const evaluatingSeconds = run.startedAt === null ? null : seconds(run.startedAt, end)
  const hasRate = evaluatingSeconds !== null && evaluatingSeconds > 0 && evaluatedCount > 0
  return {
    scanningSeconds: seconds(snapshot.createdAt, scannedAt ?? end),
    queuedSeconds: scannedAt === null ? null : seconds(queuedFrom, run.startedAt ?? end),
    evaluatingSeconds,
    imagesPerSecond: hasRate ? evaluatedCount / evaluatingSeconds : null,
    secondsLeft: hasRate && run.finishedAt === null ? (leftCount * evaluatingSeconds) / evaluatedCount : null,
  }
}

/** Never below 0: a scan that a run has joined may have begun before it, or ended after it was cancelled. */
function seconds(from: Date, to: Date): number {
  return Math.max(0, (to.getTime() - from.getTime()) / 1000)
}
