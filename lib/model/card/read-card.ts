import { createHash } from 'node:crypto'
import { canonicalJson } from '#lib/platform/audit/canonical-json.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { findHiddenCharacter, writeOutHidden } from '#lib/platform/plain-text.ts'
import { type ModelCard, modelCardSchema } from '#lib/vocabulary/model-card.ts'

const MAX_REPORTED_FAULTS = 20

/** The card with its defaults filled in, or INVALID_CARD with the place and the fault of each wrong field. */
export function readModelCard(card: unknown): ModelCard {
  const parsed = modelCardSchema.safeParse(card)
  const hidden = findHiddenCharacters(card)
  if (parsed.success && hidden.length === 0) return parsed.data
  const faults = [...hidden, ...(parsed.error?.issues ?? [])].slice(0, MAX_REPORTED_FAULTS).map((issue) => ({
    path: issue.path.map((key) => writeOutHidden(String(key))).join('.'),
    message: issue.message.slice(0, 300),
  }))
  const [first] = faults
  const place = first === undefined || first.path === '' ? 'The model card' : `The model card, ${first.path}`
  throw new ServiceError('UNPROCESSABLE', `${place}: ${first?.message ?? 'not accepted'}.`, {
    code: 'INVALID_CARD',
    details: { faults },
  })
}

/** Far deeper than a card; a deeper value is refused by the schema. */
const MAX_DEPTH = 10

type Fault = { path: PropertyKey[]; message: string }

/**
 * The place of every text of a card with a character that a terminal obeys and that no reader sees. Finding classes are
 * names of folders and have a rule of their own. Cards that were stored before keep theirs.
 */
function findHiddenCharacters(value: unknown, path: PropertyKey[] = []): Fault[] {
  if (typeof value === 'string') {
    const hidden = findHiddenCharacter(value)
    return hidden === null ? [] : [{ path, message: `has the character ${hidden}: remove it` }]
  }
  if (typeof value !== 'object' || value === null || path.length > MAX_DEPTH) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'findingClasses' && path.length === 0 ? [] : findHiddenCharacters(inner, [...path, key]),
  )
}

/** SHA-256 (hex) of everything that the card says, whatever the order in which it was written. */
export function modelCardSha256(card: ModelCard): string {
  return createHash('sha256').update(canonicalJson(card)).digest('hex')
}

/** It was checked when it was stored; the database gives back plain JSON. */
export function readStoredCard(card: unknown): ModelCard {
  return modelCardSchema.parse(card)
}
