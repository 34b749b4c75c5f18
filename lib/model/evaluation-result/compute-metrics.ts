import { setImmediate as pause } from 'node:timers/promises'
import { and, asc, eq, isNull } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { images, snapshotImages } from '#db/schema/dataset.ts'
import { evaluationRunErrors, predictions } from '#db/schema/evaluation-run.ts'
import { isOwnAfter, ownError, ownPrediction, type RunScope } from '#lib/model/evaluation-run/manifest.ts'
import { countRun, type RunCounts } from '#lib/model/evaluation-run/progress.ts'
import { type EvaluationCurves, evaluationCurves } from '#lib/statistics/evaluation-curves.ts'
import { evaluationMetrics } from '#lib/statistics/evaluation-metrics.ts'
import type { LabelledPredictions } from '#lib/statistics/labelled-predictions.ts'
import type { ModelCard } from '#lib/vocabulary/model-card.ts'
import type { RunMetrics } from './schema.ts'

/** What `evaluation_run_results` keeps: the curves lie beside the metrics and are given out by themselves. */
export type RunResult = RunMetrics & { curves: EvaluationCurves }

/** 5,000 rows of nine classes are some 20 ms of parsing: heartbeats and requests come in between. */
const PAGE_ROWS = 5_000

/**
 * A run's metrics and curves from its rows. Read in pages and outside of any transaction, since an open one stops every request
 * else on the embedded database; the rows cannot change while the run keeps its epoch.
 */
export async function computeMetrics(
  db: Database,
  scope: RunScope,
  card: Pick<ModelCard, 'modalities'>,
  signal?: AbortSignal,
): Promise<{ counts: RunCounts; metrics: RunResult }> {
  const counts = await countRun(db, scope.runId)
  const columns = new Columns(counts.done - counts.errors, scope.findingClasses)
  let afterImageId = 0
  for (;;) {
    signal?.throwIfAborted()
    const page = await readPage(db, scope, afterImageId)
    for (const row of page) columns.add(row)
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE_ROWS) break
    afterImageId = last.imageId
  }
  const rest = async () => {
    await pause()
    signal?.throwIfAborted()
  }
  const rows = { predictions: columns.predictions(), patients: columns.patients }
  const metrics = await measureRun({ classes: scope.findingClasses, card, ...rows, counts, rest })
  return { counts, metrics }
}

/** The result of a run from its rows in memory, in the order of their image ids. */
export async function measureRun(run: {
  classes: readonly string[]
  card: Pick<ModelCard, 'modalities'>
  predictions: Omit<LabelledPredictions, 'classCount'>
  patients: readonly (string | null)[]
  counts: Pick<RunCounts, 'errors' | 'excluded'>
  /** Lets the event loop run; rejecting stops the computation. */
  rest: () => Promise<unknown>
}): Promise<RunResult> {
  const { classes, card, predictions, patients, counts, rest } = run
  const metrics = await evaluationMetrics({
    classes,
    cardModalities: card.modalities,
    predictions,
    patients,
    errors: counts.errors,
    pause: rest,
  })
  const curves = await evaluationCurves(classes, predictions, rest)
  return { ...metrics, excluded: counts.excluded, curves }
}

type Row = {
  imageId: number
  findingClass: string
  patient: string | null
  predictedIndex: number
  probabilities: number[]
}

async function readPage(db: Database, scope: RunScope, afterImageId: number): Promise<Row[]> {
  return await db
    .select({
      imageId: images.id,
      findingClass: images.findingClass,
      patient: images.patient,
      predictedIndex: predictions.predictedIndex,
      probabilities: predictions.probabilities,
    })
    .from(snapshotImages)
    .innerJoin(images, eq(images.id, snapshotImages.imageId))
    .innerJoin(predictions, ownPrediction(scope))
    .leftJoin(evaluationRunErrors, ownError(scope))
    .where(and(isOwnAfter(scope, afterImageId), isNull(evaluationRunErrors.imageId)))
    .orderBy(asc(snapshotImages.imageId))
    .limit(PAGE_ROWS)
}

/** Typed arrays of the size that was counted; other rows than that many are another run's state. */
class Columns {
  readonly patients: (string | null)[] = []
  readonly #indexOf: Map<string, number>
  readonly #referenceIndices: Int32Array
  readonly #predictedIndices: Int32Array
  readonly #probabilities: Float64Array

  constructor(size: number, findingClasses: readonly string[]) {
    this.#indexOf = new Map(findingClasses.map((name, index) => [name, index]))
    this.#referenceIndices = new Int32Array(size)
    this.#predictedIndices = new Int32Array(size)
    this.#probabilities = new Float64Array(size * findingClasses.length)
  }

  add(row: Row): void {
    const at = this.patients.length
    const reference = this.#indexOf.get(row.findingClass)
    if (reference === undefined || at >= this.#referenceIndices.length)
      throw new Error('The rows of a run changed while its metrics were computed.')
    this.#referenceIndices[at] = reference
    this.#predictedIndices[at] = row.predictedIndex
    this.#probabilities.set(row.probabilities, at * this.#indexOf.size)
    this.patients.push(row.patient)
  }

  predictions() {
    if (this.patients.length !== this.#referenceIndices.length)
      throw new Error('The rows of a run changed while its metrics were computed.')
    return {
      referenceIndices: this.#referenceIndices,
      predictedIndices: this.#predictedIndices,
      probabilities: this.#probabilities,
    }
  }
}
