import { eq, inArray, or, sql } from 'drizzle-orm'
import { cancelledBy, type Database } from '#db/client.ts'
import { datasets } from '#db/schema/dataset.ts'
import { evaluationRuns } from '#db/schema/evaluation-run.ts'
import { models, modelVersions } from '#db/schema/model-version.ts'
import type { LiveSource } from '#lib/platform/live/live-source.ts'
import { isOver } from './lifecycle.ts'
import {
  FOLLOWED_RUN_ENDS,
  FOLLOWED_RUN_EVENTS,
  RUN_EVENTS,
  RUN_PROGRESS_EVENTS,
  type RunNotice,
} from './live-events.ts'
import { countRuns } from './progress.ts'
import { findEvaluationRuns } from './queries.ts'

/** How far a run is changes with every batch; no page shows it more often. */
const PROGRESS_MS = 2000

/** Tells how runs stand. */
export function runSource(db: Database): LiveSource {
  return {
    asksDatabase: true,
    async look(view) {
      const known = view.lasting(RUN_EVENTS)
      const ids = known.map(({ id }) => id)
      const runs = await findRunNotices(cancelledBy(db, view.signal), ids, view.sinceSeconds)
      for (const run of runs)
        view.tell(RUN_EVENTS, run, { lasting: run.status === 'queued' || run.status === 'running' })
      const running = runs.flatMap(({ id, status }) => (status === 'running' ? [id] : []))
      view.keepOnly(RUN_PROGRESS_EVENTS, running)
      for (const gone of known.filter(({ id }) => !runs.some((run) => run.id === id)))
        view.tell(RUN_EVENTS, { ...gone, status: 'deleted', progress: null }, { lasting: false })
    },
  }
}

/** Tells how far the runs at work are that `runSource` has told of. */
export function runProgressSource(db: Database, { everyMs = PROGRESS_MS } = {}): LiveSource {
  return {
    asksDatabase: true,
    everyMs,
    async look(view) {
      const running = view.lasting(RUN_EVENTS).flatMap(({ id, status }) => (status === 'running' ? [id] : []))
      for (const [id, { done, errors, total }] of await countRuns(cancelledBy(db, view.signal), running))
        view.tell(RUN_PROGRESS_EVENTS, { id, progress: { done, errors, total } }, { lasting: true })
    },
  }
}

/** Tells all of the runs that clients follow one by one, until they have ended. */
export function followedRunSource(db: Database): LiveSource {
  return {
    asksDatabase: true,
    async look(view) {
      const { wanted } = view
      const runs = await findEvaluationRuns({ db: cancelledBy(db, view.signal) }, wanted)
      for (const run of runs) {
        view.tell(FOLLOWED_RUN_EVENTS, run, { lasting: true })
        if (isOver(run)) view.tell(FOLLOWED_RUN_ENDS, run, { lasting: false })
      }
      for (const id of wanted.filter((id) => !runs.some((run) => run.id === id)))
        view.tell(FOLLOWED_RUN_ENDS, { id, deleted: true }, { lasting: false })
    },
  }
}

/** The runs at work, those that ended in the last seconds, and those of the given ids however they ended. */
async function findRunNotices(
  db: Database,
  ids: readonly string[],
  sinceSeconds: number,
): Promise<RunNotice[]> {
  const rows = await db
    .select({
      id: evaluationRuns.id,
      status: evaluationRuns.status,
      modelVersionId: evaluationRuns.modelVersionId,
      modelName: models.name,
      number: modelVersions.number,
      dataset: datasets.name,
      reason: evaluationRuns.failureDetail,
      done: evaluationRuns.doneCount,
      errors: evaluationRuns.errorCount,
      total: evaluationRuns.imageCount,
    })
    .from(evaluationRuns)
    .innerJoin(modelVersions, eq(modelVersions.id, evaluationRuns.modelVersionId))
    .innerJoin(models, eq(models.id, modelVersions.modelId))
    .innerJoin(datasets, eq(datasets.id, evaluationRuns.datasetId))
    .where(
      or(
        inArray(evaluationRuns.status, ['queued', 'running']),
        inArray(evaluationRuns.id, [...ids]),
        sql`${evaluationRuns.finishedAt} > clock_timestamp() - make_interval(secs => ${sinceSeconds})`,
      ),
    )
    .orderBy(evaluationRuns.createdAt)
  return rows.map(({ modelName, number, done, errors, total, ...run }) => {
    const progress = done === null || errors === null || total === null ? null : { done, errors, total }
    return { ...run, modelVersion: `${modelName} v${number}`, progress }
  })
}
