import { createSerializer, parseAsStringLiteral } from 'nuqs/server'
import type { PredictionOutcome, PredictionSort } from '#lib/model/evaluation-result/schema.ts'

export type Outcome = PredictionOutcome
export type Sort = PredictionSort

// Written out: the lists of the domain come with its database, which a browser has no use for.
export const OUTCOMES = ['right', 'wrong', 'error'] as const satisfies readonly Outcome[]
export const SORTS = ['key', 'confidence-desc', 'confidence-asc'] as const satisfies readonly Sort[]

/** Which of a run's images are shown, as the address, the API and an image's page name it. */
export type ImageFilter = {
  outcome: Outcome | null
  referenceClass: string | null
  predictedClass: string | null
  sort: Sort
}

export const EVERY_IMAGE: ImageFilter = {
  outcome: null,
  referenceClass: null,
  predictedClass: null,
  sort: 'key',
}

/** How the address is understood: what is no class of the version is ignored. */
export function imageFilterParsers(classes: readonly string[]) {
  return {
    outcome: parseAsStringLiteral(OUTCOMES),
    referenceClass: parseAsStringLiteral(classes),
    predictedClass: parseAsStringLiteral(classes),
    sort: parseAsStringLiteral(SORTS).withDefault('key'),
  }
}

/** `?outcome=wrong&referenceClass=…`; empty for every image by name. */
export function imageFilterQuery(classes: readonly string[], filter: ImageFilter): string {
  return createSerializer(imageFilterParsers(classes))(filter)
}

/** An image's page, where previous and next follow the same list. */
export function imageAddress(imageId: number, runId: string, query: string): string {
  return `/images/${imageId}?run=${runId}${query.replace('?', '&')}`
}
