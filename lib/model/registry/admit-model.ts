import { admit, askReady, isFault } from '#lib/model/evaluator/evaluator-client.ts'
import type { AdmissionReply, ModelReference } from '#lib/model/evaluator/evaluator-contract.ts'
import type { EvaluatorAddress } from '#lib/model/evaluator/evaluator-request.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { preprocessingSha256 } from '#lib/vocabulary/preprocessing-sha256.ts'

export type Admission = Pick<
  Extract<AdmissionReply, { admitted: true }>,
  'provider' | 'inferenceSeconds' | 'warnings' | 'model'
>

/** Has the first evaluator that answers examine a stored model. Throws the refusal (422), or 503 when none answers. */
export async function admitModel(
  evaluators: readonly EvaluatorAddress[],
  model: ModelReference,
): Promise<Admission> {
  let away = 'EVALUATOR_URLS names none'
  for (const evaluator of evaluators) {
    // An admission may take minutes: one that is frozen must be found out sooner.
    const ready = await askReady(evaluator)
    const reply = isFault(ready) ? ready : await admit(evaluator, model)
    if (isFault(reply) && reply.kind !== 'refused') {
      away = reply.detail
      continue
    }
    if (isFault(reply)) throw new ServiceError('UNPROCESSABLE', reply.detail, { code: reply.code })
    if (!reply.admitted)
      throw new ServiceError('UNPROCESSABLE', `The model is rejected: ${reply.message}.`, {
        code: reply.code,
      })
    if (reply.preprocessingSha256 !== preprocessingSha256(model.card))
      throw new ServiceError(
        'UNAVAILABLE',
        'The evaluator preprocesses images differently: install the same release on the service and the evaluator.',
        { code: 'EVALUATOR_MISMATCH' },
      )
    const { provider, inferenceSeconds, warnings, model: signature } = reply
    return { provider, inferenceSeconds, warnings, ...(signature === undefined ? {} : { model: signature }) }
  }
  throw new ServiceError(
    'UNAVAILABLE',
    `No evaluator is available to validate the model (${away}): try again soon.`,
    {
      code: 'EVALUATOR_AWAY',
    },
  )
}
