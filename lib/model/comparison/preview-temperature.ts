import { setImmediate as pause } from 'node:timers/promises'
import { refuseUnlessSucceeded } from '#lib/model/evaluation-result/renew-result.ts'
import type { RunRow } from '#lib/model/evaluation-run/change-run.ts'
import { getRun, getScope } from '#lib/model/evaluation-run/queries.ts'
import type { Asker } from '#lib/platform/concurrency/heavy-reads.ts'
import { SharedWork, type Work } from '#lib/platform/concurrency/shared-work.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { classwiseCalibrationError } from '#lib/statistics/expected-calibration-error.ts'
import { fitTemperature, scaleByTemperature, TEMPERATURES } from '#lib/statistics/fit-temperature.ts'
import type { LabelledPredictions } from '#lib/statistics/labelled-predictions.ts'
import { logLosses } from '#lib/statistics/log-loss.ts'
import { reliabilityDiagram } from '#lib/statistics/reliability-diagram.ts'
import { readAnswers } from './read-answers.ts'
import type { TemperaturePreview, TemperedCalibration } from './schema.ts'

/**
 * Fits the temperature on the images of another run of the same version, on another dataset: fitted on the images that
 * it is judged by, it would look better than it is.
 */
export async function previewTemperature(
  asker: Asker,
  input: { id: string; fittedOn: string },
): Promise<TemperaturePreview> {
  const { db } = asker
  const run = await getRun(db, input.id)
  const other = await getRun(db, input.fittedOn)
  refuseUnlessSucceeded(run)
  refuseUnlessSucceeded(other)
  if (other.modelVersionId !== run.modelVersionId)
    throw refusal(
      'OTHER_VERSION',
      'A temperature belongs to one model version: fit it on a run of the same one.',
    )
  if (other.datasetId === run.datasetId)
    throw refusal(
      'SAME_DATASET',
      'A temperature fitted on the images that it is judged by looks better than it is: fit it on another dataset.',
    )
  const key = [run, other].map(({ id, epoch }) => `${id} ${epoch}`).join()
  return await shared.get(asker, key, (work) => preview(work, run, other))
}

/** A succeeded run's rows do not change while it keeps its epoch. */
const shared = new SharedWork<TemperaturePreview>('temperature-previews')

async function preview(work: Work, run: RunRow, other: RunRow): Promise<TemperaturePreview> {
  const fitting = await readLabelled(work, other)
  const n = fitting.referenceIndices.length
  const temperature = await fitTemperature(fitting, () => rest(work))
  if (temperature === null)
    throw refusal('NO_PREDICTIONS', 'The run to fit the temperature on has no predictions.')
  const predictions = await readLabelled(work, run)
  return {
    evaluationRunId: run.id,
    fittedOn: { evaluationRunId: other.id, n },
    temperature,
    atBound: temperature <= TEMPERATURES.lowest || temperature >= TEMPERATURES.highest,
    n: predictions.referenceIndices.length,
    before: calibrationOf(predictions),
    after: calibrationOf(scaleByTemperature(predictions, temperature)),
  }
}

async function rest({ signal }: Work): Promise<void> {
  await pause()
  signal.throwIfAborted()
}

const refusal = (code: string, message: string) => new ServiceError('UNPROCESSABLE', message, { code })

async function readLabelled({ db, signal }: Work, run: RunRow): Promise<LabelledPredictions> {
  const answers = await readAnswers(db, await getScope(db, run), { withContent: false, signal })
  const { findingClasses, referenceIndices, predictedIndices, probabilities } = answers
  return { classCount: findingClasses.length, referenceIndices, predictedIndices, probabilities }
}

function calibrationOf(predictions: LabelledPredictions): TemperedCalibration {
  const losses = logLosses(predictions)
  return {
    ...reliabilityDiagram(predictions),
    classwiseEce: classwiseCalibrationError(predictions),
    logLoss: losses.length === 0 ? null : losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
  }
}
