import type { EvaluationRunSummary } from '#lib/model/evaluation-run/schema.ts'

/** How a run stands, as far as it changes while it is under way. */
export type RunState = Pick<
  EvaluationRunSummary,
  'id' | 'status' | 'progress' | 'reused' | 'scan' | 'reasonCode'
> & { timings: Pick<EvaluationRunSummary['timings'], 'imagesPerSecond' | 'secondsLeft'> }

export const isOver = ({ status }: Pick<RunState, 'status'>) => status !== 'queued' && status !== 'running'

export function runState(run: RunState): RunState {
  const { id, status, progress, reused, scan, reasonCode } = run
  const { imagesPerSecond, secondsLeft } = run.timings
  return { id, status, progress, reused, scan, reasonCode, timings: { imagesPerSecond, secondsLeft } }
}
