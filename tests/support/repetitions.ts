/** So much at every change, and more in `npm test nightly`, whose project in vitest.config.ts names the file. */
export function repetitions(counts: { always: number; nightly: number }): number {
  return process.env.TEST_LENGTH === 'nightly' ? counts.nightly : counts.always
}

/**
 * How far the share of covering intervals may lie from 0.95 in so many studies: three standard errors. A thousand
 * studies tell 0.93 from 0.95, two hundred 0.90.
 */
export function coverageMargin(studies: number): number {
  return 3 * Math.sqrt((0.95 * 0.05) / studies)
}
