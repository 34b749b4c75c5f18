/** Stands in a text where a program met bytes that are not UTF-8: what was there is lost, and a name with it is wrong. */
const LOST_CHARACTER = '\uFFFD'

export function hasNoLostCharacter(text: string): boolean {
  return !text.includes(LOST_CHARACTER)
}

export const LOST_CHARACTER_FAULT =
  'has U+FFFD in place of a character that was lost: export it again as UTF-8 from where it came'
