import { z } from 'zod'

/**
 * Control characters, line and paragraph separators, and those that turn the direction of writing: in a name they move
 * the cursor of a terminal, forge a line of a log, or make one name look like another.
 */
const NOT_PLAIN = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

/** True of text that shows as what it is wherever it is printed. */
export function isPlainText(text: string): boolean {
  return !NOT_PLAIN.test(text)
}

/** A name that people choose: one line of plain text. */
export function nameText(maxLength: number) {
  return z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .refine(isPlainText, 'has a control character: write it as plain text on one line')
}
