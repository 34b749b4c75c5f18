/**
 * The unweighted mean of the values that are defined: how a macro average skips the classes without images.
 * Null when none is defined.
 *
 * Example: [0.5, null, 1] → 0.75
 */
export function meanOfDefined(values: readonly (number | null)[]): number | null {
  const defined = values.filter((value) => value !== null)
  return defined.length === 0 ? null : defined.reduce((sum, value) => sum + value, 0) / defined.length
}
