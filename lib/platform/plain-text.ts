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

/** The first character that is not plain, as `U+001B`; null where there is none. */
export function findHiddenCharacter(text: string): string | null {
  const [character] = NOT_PLAIN.exec(text) ?? []
  return character === undefined ? null : nameCharacter(character)
}

/** The text with such characters written out, so that a message may repeat it. */
export function writeOutHidden(text: string): string {
  return text.replace(new RegExp(NOT_PLAIN, 'gu'), nameCharacter)
}

function nameCharacter(character: string): string {
  return `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`
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
