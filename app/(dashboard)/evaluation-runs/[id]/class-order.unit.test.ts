import { expect, test } from 'vitest'
import { type ClassOrder, sortClasses } from './class-order.ts'

const row = (findingClass: string, n: number, ppv: number | null) => ({
  findingClass,
  n,
  accuracy: 0.5,
  specificity: null,
  ppv,
  npv: null,
  f1: null,
  auroc: null,
})
const ROWS = [row('b', 10, 0.4), row('a', 30, null), row('c', 20, 0.9)]
const namesBy = (order: ClassOrder) => sortClasses(ROWS, order).map(({ findingClass }) => findingClass)

test('sorts by a number and by name, both ways', () => {
  expect(namesBy({ column: 'n', descending: false })).toEqual(['b', 'c', 'a'])
  expect(namesBy({ column: 'n', descending: true })).toEqual(['a', 'c', 'b'])
  expect(namesBy({ column: 'findingClass', descending: true })).toEqual(['c', 'b', 'a'])
})

test('puts an undefined number last both ways', () => {
  expect(namesBy({ column: 'ppv', descending: false })).toEqual(['b', 'c', 'a'])
  expect(namesBy({ column: 'ppv', descending: true })).toEqual(['c', 'b', 'a'])
})

test('keeps the model’s order among equals', () => {
  expect(namesBy({ column: 'accuracy', descending: true })).toEqual(['b', 'a', 'c'])
})
