import { createHash } from 'node:crypto'
import { canonicalJson } from '#lib/platform/audit/canonical-json.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { type ModelCard, modelCardSchema } from '#lib/vocabulary/model-card.ts'

const MAX_REPORTED_FAULTS = 20

/** The card with its defaults filled in, or INVALID_CARD with the place and the fault of each wrong field. */
export function readModelCard(card: unknown): ModelCard {
  const parsed = modelCardSchema.safeParse(card)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.slice(0, MAX_REPORTED_FAULTS).map((issue) => ({
    path: issue.path.map(String).join('.'),
    message: issue.message.slice(0, 300),
  }))
  const [first] = faults
  const place = first === undefined || first.path === '' ? 'The model card' : `The model card, ${first.path}`
  throw new ServiceError('UNPROCESSABLE', `${place}: ${first?.message ?? 'not accepted'}.`, {
    code: 'INVALID_CARD',
    details: { faults },
  })
}

/** SHA-256 (hex) of everything that the card says, whatever the order in which it was written. */
export function modelCardSha256(card: ModelCard): string {
  return createHash('sha256').update(canonicalJson(card)).digest('hex')
}

/** It was checked when it was stored; the database gives back plain JSON. */
export function readStoredCard(card: unknown): ModelCard {
  return modelCardSchema.parse(card)
}
