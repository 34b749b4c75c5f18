import { expect } from 'vitest'

/** Every number of `reference` stands in `given` at the same place within 1e-9, and null where it is null. */
export function expectClose(given: unknown, reference: unknown, where = ''): void {
  if (typeof reference === 'number') {
    expect(Math.abs(Number(given) - reference), `${where}: ${given} instead of ${reference}`).toBeLessThan(
      1e-9,
    )
  } else if (reference === null || typeof reference !== 'object') {
    expect(given, where).toEqual(reference)
  } else {
    for (const [key, value] of Object.entries(reference))
      expectClose((given as Record<string, unknown> | undefined)?.[key], value, `${where}.${key}`)
  }
}
