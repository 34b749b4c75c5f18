/** How long the phases of a run took, or have taken until now. Null for a phase that has not begun. */
export type RunDurations = {
  scanningSeconds: number | null
  /** From the frozen snapshot (or the run's creation, if that came later) to the first image. */
  queuedSeconds: number | null
  evaluatingSeconds: number | null
  /** Images answered by the evaluator for each second of evaluating; null without any. */
  imagesPerSecond: number | null
  /** Until the last image is answered, at that rate; null unless the run is being evaluated. */
  secondsLeft: number | null
}

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
