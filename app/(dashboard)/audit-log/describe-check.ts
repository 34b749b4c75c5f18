import { formatCount } from '#app/_format/ratio.ts'
import type { ChainCheck, ChainFault } from '#lib/platform/audit/verify-chain.ts'

export type ShownCheck = ChainCheck

const FAULTS: Readonly<Record<ChainFault, string>> = {
  MISSING_EVENT: 'is missing',
  BROKEN_LINK: 'does not follow the one before it',
  CHANGED_EVENT: 'was changed after it was written',
  UNRECORDED_EVENT: 'was added beside the record',
  CHANGED_HEAD: 'does not fit the end that was noted',
  MISSING_HEAD: 'is the last, but the note of the end is missing',
  NOT_AS_REMEMBERED: 'is not the one that the data folder remembers',
}

/** "1,234 events, chain unbroken", or the first event that does not fit. */
export function describeCheck({ ok, checked, firstBroken }: ShownCheck): string {
  const events = `${formatCount(checked)} ${checked === 1 ? 'event' : 'events'}`
  if (ok) return `${events}, chain unbroken`
  if (firstBroken === undefined) return `Chain broken after ${events}`
  const { seq, reason } = firstBroken
  return `Chain broken: event ${formatCount(seq)} ${FAULTS[reason]} (${events} before it are whole)`
}
