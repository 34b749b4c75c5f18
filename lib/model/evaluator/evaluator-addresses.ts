import type { Settings } from '#lib/platform/env/env.ts'
import type { EvaluatorAddress } from './evaluator-request.ts'

/** Every evaluator that the settings name; none without the token that they share with us. */
export function evaluatorAddresses(
  settings: Pick<Settings, 'evaluatorUrls' | 'evaluatorToken'>,
): EvaluatorAddress[] {
  const { evaluatorToken: token } = settings
  return token === undefined ? [] : settings.evaluatorUrls.map((url) => ({ url, token }))
}
