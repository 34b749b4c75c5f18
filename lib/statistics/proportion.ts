/** `successes` of `trials`, both counts. Kept apart so that the ratio can always be shown with its interval. */
export type Proportion = { successes: number; trials: number }

/**
 * successes / trials. Range 0–1; null when there were no trials, because nothing was observed.
 *
 * Example: 3 of 4 → 0.75; 0 of 0 → null
 */
export function ratio({ successes, trials }: Proportion): number | null {
  return trials === 0 ? null : successes / trials
}
