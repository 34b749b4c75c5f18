import type { ApiFailure } from '#lib/delivery/client/api-failure.ts'
import { explainRefusal } from './explain-refusal.ts'
import type { CardFault } from './read-card.ts'

/** What of a refusal is to be said beside the two files. */
export type FaultPlaces = { model: string | null; card: CardFault[] }

const OF_THE_CARD = [
  'INVALID_CARD',
  'BAD_JSON',
  'CLASS_COUNT_MISMATCH',
  'MODEL_OUTPUT_KIND',
  'MODEL_OUTPUT_SHAPE',
  'MODEL_SIGNATURE',
]

export function faultPlaces(failure: ApiFailure | null): FaultPlaces {
  if (failure === null) return { model: null, card: [] }
  const { code, message } = failure
  if (OF_THE_CARD.includes(code)) {
    const faults = Object.entries(failure.fieldFaults()).map(([path, fault]) => ({ path, message: fault }))
    return { model: null, card: faults.length > 0 ? faults : [{ path: '', message }] }
  }
  return { model: code.startsWith('MODEL_') ? `${explainRefusal(code).title}.` : null, card: [] }
}
