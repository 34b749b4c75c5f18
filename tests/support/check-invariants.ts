import assert from 'node:assert/strict'
import { sql } from 'drizzle-orm'
import type { Database } from '#db/client.ts'
import { verifyAuditChain } from '#lib/platform/audit/verify-chain.ts'

/**
 * What must hold of the evaluation data whatever has happened to the processes; throws with the rows that break it.
 * Numbers as in the list of invariants: I1 counts, I2 metrics, I4 epochs, I6 audit chain, I11 one model for a run.
 * `settled`: no run may be unfinished any more (I3).
 */
export async function checkInvariants(db: Database, options: { settled?: boolean } = {}): Promise<void> {
  await expectNone(db, 'I1: a succeeded run whose images are not each predicted or an error row', incomplete)
  await expectNone(db, 'I2: stored metrics that differ from the rows', wrongMetrics)
  await expectNone(db, 'I4: a row written after one of a newer epoch of its run', lateWrites)
  await expectNone(
    db,
    'I11: a succeeded run whose predictions are of another model or preprocessing',
    foreign,
  )
  await expectNone(db, 'a prediction whose class is not the first most probable one', wrongArgmax)
  if (options.settled) await expectNone(db, 'I3: a run that has not ended', unfinished)
  const chain = await verifyAuditChain(db)
  assert.equal(chain.ok, true, `I6: the audit chain is broken: ${JSON.stringify(chain.firstBroken)}`)
}

async function expectNone(db: Database, rule: string, query: ReturnType<typeof sql>): Promise<void> {
  const { rows } = await db.execute(query)
  assert.deepEqual(rows.slice(0, 5), [], rule)
}

/** The images of each succeeded run that the version has a class for, with what is stored for them. */
const settledImages = sql`
  select run.id as run_id, image.id as image_id, image.finding_class, version.finding_classes,
         error.code, prediction.predicted_index
  from evaluation_runs run
  join model_versions version on version.id = run.model_version_id
  join snapshot_images member on member.snapshot_id = run.snapshot_id
  join images image on image.id = member.image_id and image.finding_class = any(version.finding_classes)
  left join evaluation_run_errors error on error.run_id = run.id and error.image_id = image.id
  left join predictions prediction
    on prediction.prediction_set_id = run.prediction_set_id and prediction.image_sha256 = image.sha256
  where run.status = 'succeeded'`

const incomplete = sql`
  select run_id, image_id from (${settledImages}) settled where code is null and predicted_index is null`

const wrongMetrics = sql`
  with counted as (
    select run_id,
      count(*) filter (where code is null) as n,
      count(*) filter (where code is not null) as errors,
      avg((finding_classes[predicted_index + 1] = finding_class)::int::double precision)
        filter (where code is null) as accuracy
    from (${settledImages}) settled group by run_id)
  select run.id, counted.*, result.metrics -> 'overall' -> 'accuracy' as stored_accuracy
  from evaluation_runs run
  left join counted on counted.run_id = run.id
  left join evaluation_run_results result on result.run_id = run.id
  where run.status = 'succeeded' and (
    (result.metrics ->> 'n')::bigint is distinct from counted.n
    or (result.metrics ->> 'errors')::bigint is distinct from counted.errors
    or (result.metrics #>> '{overall,accuracy}' is null) <> (counted.accuracy is null)
    or abs((result.metrics #>> '{overall,accuracy}')::double precision - counted.accuracy) > 1e-9)`

const lateWrites = sql`
  with written as (
    select run_id, epoch, at from predictions
    union all select run_id, epoch, at from evaluation_run_errors)
  select late.run_id, late.epoch, newer.epoch as newer_epoch
  from (select run_id, epoch, max(at) as last from written group by run_id, epoch) late
  join (select run_id, epoch, min(at) as first from written group by run_id, epoch) newer
    on newer.run_id = late.run_id and newer.epoch > late.epoch and newer.first < late.last`

const foreign = sql`
  select run.id
  from evaluation_runs run
  join model_versions version on version.id = run.model_version_id
  left join prediction_sets set on set.id = run.prediction_set_id
  where run.status = 'succeeded' and version.sha256 is not null and (
    set.model_sha256 is distinct from version.sha256
    or set.preprocessing_sha256 is distinct from version.preprocessing_sha256)`

const wrongArgmax = sql`
  select prediction_set_id, image_sha256 from predictions
  where predicted_index is distinct from array_position(
    probabilities, (select max(probability) from unnest(probabilities) probability)) - 1`

const unfinished = sql`
  select id, status, failure_code from evaluation_runs where status in ('queued', 'running')`
