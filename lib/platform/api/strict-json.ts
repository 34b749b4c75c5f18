import { ServiceError } from '#lib/platform/errors.ts'

/** Deeper than any body of ours; `zod` walks the value recursively. */
const MAX_DEPTH = 32
/** More than any object of ours has; keeps a body of a million keys cheap to refuse. */
const MAX_KEYS_PER_OBJECT = 10_000

/**
 * Parses JSON that means one thing to every reader: UTF-8 without a byte order mark, no key twice in one object, no
 * number that float64 cannot hold (`1e999`, 2^53 + 1), no NUL or lone surrogate in a text (the
 * database stores neither). Everything else is refused with BAD_REQUEST, said of `what`; the input is never quoted back.
 */
export function parseStrictJson(bytes: Uint8Array, what = 'The body'): unknown {
  try {
    return parse(bytes)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new ServiceError('BAD_REQUEST', `${what} ${error.message}.`, { code: 'BAD_JSON' })
  }
}

function parse(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    // The engine's message quotes the body: only the position is passed on.
    const position = /position (\d+)/.exec(String(error))?.[1]
    throw refuse(
      findNotFinite(text) ??
        (position === undefined ? 'is not valid JSON' : `is not valid JSON at character ${position}`),
    )
  }
  checkTokens(text)
  return value
}

/** Says where a text has what Python, JavaScript and R write for a number that is not finite; null where it has none. */
function findNotFinite(text: string): string | null {
  for (let at = 0; at < text.length; ) {
    const quote = text.indexOf('"', at)
    const between = text.slice(at, quote === -1 ? text.length : quote)
    const word = /[-+]?\b(?:NaN|Infinity|nan|inf|Inf)\b/.exec(between)
    if (word !== null)
      return `has ${word[0]} at ${placeOf(text, at + word.index)}: JSON has finite numbers only, write null`
    if (quote === -1) return null
    at = endOfString(text, quote)
    if (at === 0) return null // a string without its end
  }
  return null
}

/** As editors count. */
function placeOf(text: string, at: number): string {
  const lines = text.slice(0, at).split('\n')
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`
}

function decodeUtf8(bytes: Uint8Array): string {
  if (bytes.length === 0) throw refuse('is empty')
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    if (text.startsWith('\uFEFF')) throw refuse('starts with a byte order mark')
    return text
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw refuse('is not valid UTF-8')
  }
}

/** Walks a text that `JSON.parse` has accepted, and checks what `JSON.parse` lets pass. */
function checkTokens(text: string): void {
  /** One entry per open bracket: the keys of an object, null for an array. */
  const open: (Set<string> | null)[] = []
  let keyExpected = false
  let at = 0
  while (at < text.length) {
    const start = at
    const first = text.charAt(at)
    at += 1
    if (first === '{' || first === '[') {
      if (open.push(first === '{' ? new Set() : null) > MAX_DEPTH)
        throw refuse(`is nested deeper than ${MAX_DEPTH} levels`)
      keyExpected = first === '{'
    } else if (first === '}' || first === ']') {
      open.pop()
    } else if (first === ',') {
      keyExpected = open.at(-1) !== null
    } else if (first === '"') {
      at = endOfString(text, start)
      const string = checkedString(text.slice(start, at))
      const keys = open.at(-1)
      if (keyExpected && keys) addKey(keys, string)
      keyExpected = false
    } else if (first === '-' || (first >= '0' && first <= '9')) {
      at = endOfNumber(text, start)
      checkNumber(text.slice(start, at))
    } // else white space, a colon, or a letter of true, false, null
  }
}

/** The position after the quote that ends the string: the next one behind an even number of backslashes; else 0. */
function endOfString(text: string, start: number): number {
  let quote = start
  let backslashes: number
  do {
    quote = text.indexOf('"', quote + 1)
    backslashes = 0
    while (text.charAt(quote - 1 - backslashes) === '\\') backslashes += 1
  } while (backslashes % 2 === 1)
  return quote + 1
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1
  while (end < text.length && '0123456789.eE+-'.includes(text.charAt(end))) end += 1
  return end
}

function addKey(keys: Set<string>, key: string): void {
  if (keys.has(key)) throw refuse(`has the key "${key.slice(0, 100)}" twice in one object`)
  if (keys.size >= MAX_KEYS_PER_OBJECT) throw refuse(`has an object of more than ${MAX_KEYS_PER_OBJECT} keys`)
  keys.add(key)
}

function checkedString(token: string): string {
  if (!token.includes('\\')) return token.slice(1, -1) // raw control characters and broken UTF-8 are excluded already
  const string = String(JSON.parse(token))
  if (!isStorableText(string)) throw refuse('has a text with a NUL character or half of a surrogate pair')
  return string
}

function checkNumber(token: string): void {
  const value = Number(token)
  if (!Number.isFinite(value)) throw refuse('has a number that is out of range')
  // What JavaScript itself writes for a large float64 (1e20, 1152921504606847000) comes back as it was.
  const roundTrips = !/^-?\d+$/.test(token) || String(value) === token || BigInt(value) === BigInt(token)
  if (!roundTrips) throw refuse('has an integer that float64 would round')
}

/** False for what PostgreSQL cannot store as text. */
export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

/** What is wrong, as the end of a sentence whose subject the caller knows. */
class Refusal extends Error {}

function refuse(fault: string): Refusal {
  return new Refusal(fault)
}
