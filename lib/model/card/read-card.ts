import { createHash } from 'node:crypto'
import { canonicalJson } from '#lib/platform/audit/canonical-json.ts'
import { ServiceError } from '#lib/platform/errors.ts'
import { type ModelCard, modelCardSchema } from '#lib/vocabulary/model-card.ts'

const MAX_REPORTED_FAULTS = 20

/** The card with its defaults filled in, or INVALID_CARD with the place and the fault of each wrong field. */
export function readModelCard(card: unknown): ModelCard {
  const parsed = modelCardSchema.safeParse(card)
  const unseen = findUnseenCharacters(card)
  if (parsed.success && unseen.length === 0) return parsed.data
  const faults = [...unseen, ...(parsed.error?.issues ?? [])].slice(0, MAX_REPORTED_FAULTS).map((issue) => ({
    path: issue.path.map(showPlainly).join('.'),
    message: issue.message.slice(0, 300),
  }))
  const [first] = faults
  const place = first === undefined || first.path === '' ? 'The model card' : `The model card, ${first.path}`
  throw new ServiceError('UNPROCESSABLE', `${place}: ${first?.message ?? 'not accepted'}.`, {
    code: 'INVALID_CARD',
    details: { faults },
  })
}

/**
 * Controls, line separators and marks of direction: a terminal obeys them, and a person who reads the text does not see
 * them. Cards that were stored before keep theirs.
 */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
/** Far deeper than a card; a deeper value is refused by the schema. */
const MAX_DEPTH = 10

type Fault = { path: PropertyKey[]; message: string }

/** The place of every text of a card, name of a key or value, that has such a character. */
function findUnseenCharacters(value: unknown, path: PropertyKey[] = []): Fault[] {
  if (typeof value === 'string')
    return UNSEEN.test(value) ? [{ path, message: `has the character ${nameUnseen(value)}: remove it` }] : []
  if (typeof value !== 'object' || value === null || path.length > MAX_DEPTH) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const place = [...path, key]
    const own = UNSEEN.test(key)
      ? [{ path: place, message: `has the character ${nameUnseen(key)} in its name: remove it` }]
      : []
    return [...own, ...findUnseenCharacters(inner, place)]
  })
}

function nameUnseen(text: string): string {
  const code = UNSEEN.exec(text)?.[0].codePointAt(0) ?? 0
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}

/** A place goes to terminals too. */
function showPlainly(key: PropertyKey): string {
  return String(key).replace(new RegExp(UNSEEN.source, 'gu'), nameUnseen)
}

/** SHA-256 (hex) of everything that the card says, whatever the order in which it was written. */
export function modelCardSha256(card: ModelCard): string {
  return createHash('sha256').update(canonicalJson(card)).digest('hex')
}

/** It was checked when it was stored; the database gives back plain JSON. */
export function readStoredCard(card: unknown): ModelCard {
  return modelCardSchema.parse(card)
}
