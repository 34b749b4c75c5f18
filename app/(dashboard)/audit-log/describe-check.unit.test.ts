import { expect, it } from 'vitest'
import { describeCheck } from './describe-check.ts'

it('counts the events of a whole chain', () => {
  expect(describeCheck({ ok: true, checked: 1234 })).toBe('1,234 events, integrity verified')
  expect(describeCheck({ ok: true, checked: 1 })).toBe('1 event, integrity verified')
})

it('names the first event that does not fit', () => {
  const firstBroken = { seq: 17, reason: 'CHANGED_EVENT' } as const
  expect(describeCheck({ ok: false, checked: 16, firstBroken })).toBe(
    'Integrity check failed: event 17 was modified after it was written (16 events before it are intact)',
  )
})
