/** The value, where a test would be about nothing without one. */
export function present<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error('There is no value.')
  return value
}
