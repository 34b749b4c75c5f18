import { formatCount } from '#app/_format/ratio.ts'
import type { ChainCheck } from '#lib/platform/audit/schema.ts'
import type { ChainFault } from '#lib/platform/audit/verify-chain.ts'

const FAULTS: Readonly<Record<ChainFault, string>> = {
  MISSING_EVENT: 'is missing',
  BROKEN_LINK: 'does not match the event before it',
  CHANGED_EVENT: 'was modified after it was written',
  UNRECORDED_EVENT: 'was added outside the log',
  CHANGED_HEAD: 'does not match the recorded end of the log',
  MISSING_HEAD: 'is the last, but the recorded end is missing',
  NOT_AS_REMEMBERED: 'differs from the copy in the data folder',
}

/** "1,234 events, integrity verified", or the first event that does not fit. */
export function describeCheck({ ok, checked, firstBroken }: ChainCheck): string {
  const events = `${formatCount(checked)} ${checked === 1 ? 'event' : 'events'}`
  if (ok) return `${events}, integrity verified`
  if (firstBroken === undefined) return `Integrity check failed after ${events}`
  const { seq, reason } = firstBroken
  return `Integrity check failed: event ${formatCount(seq)} ${FAULTS[reason as ChainFault] ?? 'is broken'} (${events} before it are intact)`
}
