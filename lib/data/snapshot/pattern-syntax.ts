/**
 * A patient pattern has the syntax of JavaScript's regular expressions, without look-around and back-references. The
 * engine that runs it reads RE2's. This translates the one into the other, and names what has no counterpart or means
 * something else than its writer thinks.
 */
export type Translation = { source: string } | { fault: string }

/** JavaScript's white space; RE2 knows the ASCII part alone. */
const SPACE =
  '\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}'
const NOT_SPACE =
  '\\x00-\\x08\\x0e-\\x1f!-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}' +
  '\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}'

/** The text at the place, and what to write for it in RE2; `%` is what was found, `#` its group. */
type Rule = { at: RegExp; write: string } | { at: RegExp; fault: string }

const ESCAPES: readonly Rule[] = [
  { at: /\\s/y, write: SPACE },
  { at: /\\S/y, write: NOT_SPACE },
  { at: /\\u([0-9a-fA-F]{4})/y, write: '\\x{#}' },
  { at: /\\x[0-9a-fA-F]{2}/y, write: '%' },
  { at: /\\0(?!\d)/y, write: '\\x00' },
  { at: /\\[dDwWnrtvf]/y, write: '%' },
  { at: /\\[^a-zA-Z0-9]/y, write: '%' },
  { at: /\\A/y, fault: 'has \\A, which is not JavaScript; write ^ for the beginning of the name' },
  { at: /\\[zZ]/y, fault: 'has %, which is not JavaScript; write $ for the end of the name' },
  { at: /\\[pP]/y, fault: 'has %, a Unicode property; write a class such as [A-Za-z]' },
  {
    at: /\\(?:[1-9]|k)/y,
    fault:
      'has a back-reference (%), which is not supported because it may take for ever; write the repeated part out',
  },
  { at: /\\[a-zA-Z0-9]/y, fault: 'has %, which has no meaning of its own; leave the backslash out' },
]

const IN_CLASS: readonly Rule[] = [
  { at: /\\b/y, write: '\\x08' },
  ...ESCAPES,
  { at: /\[[:.=]/y, fault: 'has a class such as [[:digit:]], which is not JavaScript; write [0-9]' },
  { at: /\[/y, write: '\\[' },
]

const OUTSIDE_CLASS: readonly Rule[] = [
  { at: /\\[bB]/y, write: '%' },
  { at: /\\s/y, write: `[${SPACE}]` },
  { at: /\\S/y, write: `[${NOT_SPACE}]` },
  ...ESCAPES,
  { at: /\[\^\]/y, write: '(?s:.)' },
  { at: /\[\]/y, write: '[^\\x00-\\x{10ffff}]' },
  { at: /\./y, write: '[^\\n\\r\\x{2028}\\x{2029}]' },
  { at: /\(\?(?::|<(?![=!]))/y, write: '%' },
  { at: /\(\?P[<=>]/y, fault: 'has %, which is not JavaScript; write ( alone, or (?<name>' },
  {
    at: /\(\?<?[=!]/y,
    fault:
      'has a look-around (%…), which is not supported because it may take for ever; match what stands beside the patient outside the group, as in _(\\d+)_',
  },
  {
    at: /\(\?[a-zA-Z]*(?:-[a-zA-Z]*)?[:)]/y,
    fault: 'has the flags %; write both letters instead, as in [Aa]',
  },
]

export function translatePattern(pattern: string): Translation {
  let source = ''
  let inClass = false
  for (let at = 0; at < pattern.length; ) {
    const piece = readPiece(pattern, at, inClass ? IN_CLASS : OUTSIDE_CLASS)
    if ('fault' in piece) return piece
    if (piece.read === (inClass ? ']' : '[')) inClass = !inClass
    source += piece.written
    at += piece.read.length
  }
  return { source }
}

function readPiece(
  pattern: string,
  at: number,
  rules: readonly Rule[],
): { read: string; written: string } | { fault: string } {
  for (const rule of rules) {
    rule.at.lastIndex = at
    const found = rule.at.exec(pattern)
    if (found === null) continue
    const [read, code = ''] = found
    const fill = (text: string): string => text.replace('%', () => read).replace('#', () => code)
    return 'fault' in rule ? { fault: fill(rule.fault) } : { read, written: fill(rule.write) }
  }
  const read = pattern.charAt(at)
  return { read, written: read }
}
