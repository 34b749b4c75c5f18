import { describeLeftOut } from '#lib/data/snapshot/left-out.ts'
import type { ApiReply } from '#lib/delivery/client/api-paths.ts'
import { counted } from '#lib/vocabulary/counted.ts'
import type { Statistic } from '#lib/vocabulary/statistic.ts'
import type { Run } from './follow-run.ts'

/** The numbers of a run, as the service gives them. */
export type RunMetrics = ApiReply<'/api/evaluation-runs/{id}/metrics', 'get'>

const COLUMNS = ['n', 'accuracy', 'specificity', 'PPV', 'NPV', 'F1', 'AUROC']
const MIN_WIDTH = 11

type TabledRun = Pick<Run, 'modelVersion' | 'dataset' | 'provider' | 'excluded' | 'reused' | 'leftOut'>

/** The numbers of a run for people; an undefined one is "–". */
export function metricsTable(run: TabledRun, metrics: RunMetrics): string {
  const { intervals, findingClasses } = metrics
  const missing = describeLeftOut(run.leftOut ?? [])
  const nameWidth = Math.max(
    'finding class'.length,
    ...findingClasses.map(({ findingClass }) => findingClass.length),
  )
  const row = (name: string, cells: string[]) =>
    `${name.padEnd(nameWidth)}${cells.map((cell) => cell.padStart(MIN_WIDTH + 1)).join('')}`
  return [
    `${run.modelVersion.name} v${run.modelVersion.number} on ${run.dataset} (${run.provider ?? '–'})`,
    '',
    `accuracy           ${withInterval(intervals.accuracy)}`,
    `balanced accuracy  ${withInterval(intervals.balancedAccuracy)}`,
    `macro F1           ${withInterval(intervals.macroF1)}`,
    `macro AUROC        ${withInterval(intervals.macroAuroc)}`,
    '',
    row('finding class', COLUMNS),
    ...findingClasses.map((each) =>
      row(each.findingClass, [
        String(each.n),
        ...[each.accuracy, each.specificity, each.ppv, each.npv, each.f1, each.auroc].map(ratio),
      ]),
    ),
    '',
    'the accuracy of a finding class is its sensitivity',
    `${counted(metrics.errors, 'image')} without prediction, ${run.excluded} excluded, ${counted(run.reused ?? 0, 'prediction')} reused`,
    ...(missing === null ? [] : [missing]),
    '',
  ].join('\n')
}

function withInterval({ value, low, high, n }: Statistic): string {
  const interval = low === null || high === null ? '' : `  (95% CI ${ratio(low)} to ${ratio(high)})`
  return `${ratio(value)}${interval}  n = ${n}`
}

function ratio(value: number | null): string {
  return value === null ? '–' : value.toFixed(4)
}
