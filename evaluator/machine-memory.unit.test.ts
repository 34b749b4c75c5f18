import { expect, it } from 'vitest'
import { describeLackOfMemory, machineMemoryBytes } from './machine-memory.ts'

const MEGABYTE = 2 ** 20

it('names both sizes and the remedies where one process may need more than there is', () => {
  expect(describeLackOfMemory(4608 * MEGABYTE, 2048 * MEGABYTE)).toMatch(/4608 MB .*2048.*more memory.*lower/)
  expect(describeLackOfMemory(4608 * MEGABYTE, 4607 * MEGABYTE)).not.toBeNull()
})

it('says nothing where it fits', () => {
  expect(describeLackOfMemory(4608 * MEGABYTE, 4608 * MEGABYTE)).toBeNull()
})

it('knows how much this machine has', () => {
  expect(machineMemoryBytes()).toBeGreaterThan(64 * MEGABYTE)
  expect(machineMemoryBytes()).toBeLessThan(2 ** 50)
})
