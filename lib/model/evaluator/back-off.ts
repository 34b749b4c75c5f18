const FIRST_MS = 250
const LONGEST_MS = 15_000

/** How long to wait after `failures` in a row. Half of it is random, so that many waiters do not come back at once. */
export function backOffMs(failures: number, random: number): number {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10))
  return full / 2 + (full / 2) * random
}
