/** A harmless pattern is far shorter. */
const MAX_PATTERN_LENGTH = 300

/** Says why a text cannot be a patient pattern, or null. Pure: the form says it before anything is sent. */
export function findPatternFault(pattern: string): string | null {
  if (pattern.length > MAX_PATTERN_LENGTH) return `is longer than ${MAX_PATTERN_LENGTH} characters`
  let groups: number
  try {
    // With an empty alternative it matches the empty text, and the match shows how many groups there are.
    groups = (new RegExp(`${pattern}|`).exec('')?.length ?? 1) - 1
    new RegExp(pattern)
  } catch {
    return 'is not a valid regular expression'
  }
  return groups === 0 ? 'has no group; put the patient in parentheses, as in ^nih-.*-(\\d+)_' : null
}
