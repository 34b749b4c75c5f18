import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { countLeftOut } from '#lib/data/snapshot/count-left-out.ts'
import { describeLeftOut } from '#lib/data/snapshot/left-out.ts'
import type { Health } from '#lib/delivery/health/schema.ts'
import { pageOfDataset, pageOfEvaluationRun } from '#lib/delivery/search/page-address.ts'
import { getEvaluationMetrics } from '#lib/model/evaluation-result/get-metrics.ts'
import { decisiveEvaluation } from '#lib/model/registry/evaluations.ts'
import type { ModelVersionView } from '#lib/model/registry/schema.ts'
import { counted } from '#lib/vocabulary/counted.ts'
import { compareWithPredecessor, describeStatistic, findWeakClasses } from './attention.ts'
import type { Attention } from './schema.ts'

const SHOWN = 5

type RunRow = {
  id: string
  label: string
  dataset: string
  status: string
  reason: string | null
  errors: number | null
}

/** The latest run of each version on each dataset, where it failed or has images without a prediction. */
export async function findTroubledRuns(db: Database): Promise<Attention[]> {
  const { rows } = await db.execute<RunRow>(sql`
    select * from (
      select distinct on (run.model_version_id, run.dataset_id) run.id, run.status, run.created_at,
        model.name || ' v' || version.number as label, dataset.name as dataset, run.failure_detail as reason,
        (result.metrics ->> 'errors')::integer as errors
      from evaluation_runs run
      join model_versions version on version.id = run.model_version_id and version.archived_at is null
      join models model on model.id = version.model_id
      join datasets dataset on dataset.id = run.dataset_id
      left join evaluation_run_results result on result.run_id = run.id
      where run.status in ('succeeded', 'failed')
      order by run.model_version_id, run.dataset_id, run.created_at desc
    ) latest
    where status = 'failed' or errors > 0 order by created_at desc limit ${SHOWN}`)
  return rows.map(({ id, label, dataset, status, reason, errors }) =>
    status === 'failed'
      ? {
          kind: 'run-failed',
          severity: 'error',
          title: `${label} on ${dataset} failed`,
          detail: reason ?? 'No cause was recorded.',
          href: pageOfEvaluationRun(id),
        }
      : {
          kind: 'run-errors',
          severity: 'warning',
          title: `${label} on ${dataset}: ${errors} without a prediction`,
          detail: `${counted(errors ?? 0, 'image')} could not be evaluated. Retry the evaluation.`,
          href: pageOfEvaluationRun(id),
        },
  )
}

type ScanRow = { id: string; name: string; status: string; detail: string | null }

/** Datasets whose last scan failed, or skipped files that an ML lead may miss. */
export async function findTroubledScans(db: Database): Promise<Attention[]> {
  const { rows } = await db.execute<ScanRow>(sql`
    select distinct on (dataset.id) snapshot.id, dataset.name, snapshot.status, snapshot.failure_detail as detail
    from datasets dataset join dataset_snapshots snapshot on snapshot.dataset_id = dataset.id
    where dataset.archived_at is null and snapshot.status <> 'scanning'
    order by dataset.id, snapshot.created_at desc, snapshot.id desc`)
  const leftOut = await countLeftOut(
    db,
    rows.map(({ id }) => id),
  )
  const found: Attention[] = []
  for (const { id, name, status, detail } of rows) {
    const href = pageOfDataset(name)
    if (status === 'failed') {
      const title = `The scan of ${name} failed`
      found.push({ kind: 'scan-failed', severity: 'error', title, detail: detail ?? '', href })
      continue
    }
    const missed = leftOut.get(id) ?? []
    if (missed.length === 0) continue
    const total = missed.reduce((sum, { count }) => sum + count, 0)
    found.push({
      ...{ kind: 'files-skipped', severity: 'warning', title: `${name}: ${counted(total, 'file')} skipped` },
      detail: describeLeftOut(missed) ?? '',
      href,
    })
  }
  return found
}

/** The classes in which the newest version is weak. */
export async function findWeaknesses(
  db: Database,
  newest: ModelVersionView | undefined,
): Promise<Attention[]> {
  const evaluation = decisiveEvaluation(newest?.latestEvaluations ?? [])
  if (newest === undefined || evaluation === null) return []
  const { intervals } = await getEvaluationMetrics({ db }, { id: evaluation.evaluationRunId })
  const classes = Object.entries(intervals.findingClasses).map(([findingClass, { accuracy }]) => ({
    findingClass,
    sensitivity: accuracy,
  }))
  return findWeakClasses(classes)
    .slice(0, SHOWN)
    .map(({ weak, othersLow, far }) => ({
      kind: 'weak-class',
      severity: far ? 'warning' : 'info',
      title: `${newest.label}: ${far ? 'low' : 'lowest'} sensitivity for ${weak.findingClass}`,
      detail: `${describeStatistic(weak.sensitivity)} on ${evaluation.dataset}; median lower bound of the other classes: ${(othersLow * 100).toFixed(1)}%.`,
      href: pageOfEvaluationRun(evaluation.evaluationRunId),
    }))
}

/** The newest version against the one before it of the same model, on the dataset by which the newest is judged. */
export function findStepBack(versions: readonly ModelVersionView[]): Attention[] {
  const [newest] = versions
  const now = decisiveEvaluation(newest?.latestEvaluations ?? [])
  const predecessor = versions.find((each) => each !== newest && each.name === newest?.name)
  const before = predecessor?.latestEvaluations.find(({ dataset }) => dataset === now?.dataset)
  if (newest === undefined || now === null || predecessor === undefined || before === undefined) return []
  const verdict = compareWithPredecessor(now, before)
  if (verdict === 'not-worse') return []
  const images = now.snapshotId === before.snapshotId ? '' : ' They were evaluated on different snapshots.'
  const numbers = `${describeStatistic(now.accuracy)} against ${describeStatistic(before.accuracy)} on ${now.dataset}.${images}`
  const href = pageOfEvaluationRun(now.evaluationRunId)
  if (verdict === 'worse') {
    const title = `${newest.label} is worse than ${predecessor.label}`
    return [{ kind: 'version-worse', severity: 'error', title, detail: `Accuracy ${numbers}`, href }]
  }
  const title = `${newest.label} may be worse than ${predecessor.label}: undecided`
  const detail = `Accuracy ${numbers} The CIs overlap.`
  return [{ kind: 'version-undecided', severity: 'info', title, detail, href }]
}

const DEPENDENCY_NAMES = {
  database: 'database',
  objectStore: 'object store',
  evaluator: 'evaluator',
} as const

export function findAbsences({ dependencies }: Health): Attention[] {
  return (['database', 'objectStore', 'evaluator'] as const)
    .filter((name) => dependencies[name].status === 'down')
    .map((name) => ({
      kind: 'dependency-away',
      severity: 'error',
      title: `The ${DEPENDENCY_NAMES[name]} is unavailable`,
      detail: `It ${dependencies[name].detail}.`,
      href: null,
    }))
}
