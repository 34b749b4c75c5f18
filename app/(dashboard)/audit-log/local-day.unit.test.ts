import { expect, it } from 'vitest'
import { beginningOf, dayOf } from './local-day.ts'

it('names the day whose beginning it gave', () => {
  expect(dayOf(beginningOf('2026-03-29'))).toBe('2026-03-29')
})

it('goes on to the next day over the end of a month and of a year', () => {
  expect(dayOf(beginningOf('2026-02-28', 1))).toBe('2026-03-01')
  expect(dayOf(beginningOf('2026-12-31', 1))).toBe('2027-01-01')
})

it('begins a day at midnight of the visitor', () => {
  expect(beginningOf('2026-03-29')?.getHours()).toBe(0)
})

it.each(['', '29.03.2026', '2026-3-9'])('has no instant for %j', (text) => {
  expect(beginningOf(text)).toBeNull()
})

it('leaves the field empty without an instant', () => {
  expect(dayOf(null)).toBe('')
  expect(dayOf(new Date('never'))).toBe('')
})
