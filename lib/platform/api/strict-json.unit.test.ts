import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseStrictJson } from './strict-json.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const parse = (text: string) => parseStrictJson(bytes(text))

describe('parseStrictJson', () => {
  it('gives what JSON.parse gives for any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: 'grapheme' }), fc.boolean(), (value, spaced) => {
        const text = JSON.stringify(value, null, spaced ? 2 : 0)
        expect(parse(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  it.each([
    ['a trailing comma', '{"a":1,}'],
    ['cut off text', '{"a":'],
    ['text behind the value', '{} {}'],
    ['a byte order mark', '\uFEFF{}'],
    ['nothing', ''],
    ['a key twice', '{"a":1,"a":2}'],
    ['a key twice, once escaped', '{"a":1,"\\u0061":2}'],
    ['a key twice behind a nested object with the same key', '{"a":{"a":1},"b":[{"a":1}],"a":2}'],
    ['a number beyond float64', '[1e999]'],
    ['a negative number beyond float64', '{"a":-1e999}'],
    ['an integer that would be rounded', '[9007199254740993]'],
    ['a NUL character', '["\\u0000"]'],
    ['half of a surrogate pair', '["\\ud800"]'],
    ['half of a surrogate pair in a key', '{"\\udc00":1}'],
  ])('refuses %s', (_what, text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ kind: 'BAD_REQUEST', code: 'BAD_JSON' }))
  })

  it.each([
    ['UTF-16', Buffer.from('\uFEFF{"a":1}', 'utf16le')],
    ['UTF-16 without a mark', Buffer.from('{"a":1}', 'utf16le')],
    ['a lone continuation byte', Uint8Array.from([0x22, 0x80, 0x22])],
    ['an overlong encoding', Uint8Array.from([0x22, 0xc0, 0xaf, 0x22])],
  ])('refuses %s', (_what, body) => {
    expect(() => parseStrictJson(body)).toThrow(expect.objectContaining({ kind: 'BAD_REQUEST' }))
  })

  it('lets pass what only looks like a fault', () => {
    expect(parse('[{"a":1},{"a":2}]')).toEqual([{ a: 1 }, { a: 2 }])
    expect(parse('{"a":"\\"a\\":","b":"{\\"b\\":1e999","c":"\\\\"}')).toEqual({
      a: '"a":',
      b: '{"b":1e999',
      c: '\\',
    })
    expect(parse('{"a":["a","a"],"b":"a"}')).toEqual({ a: ['a', 'a'], b: 'a' })
    expect(parse('[9007199254740991,1e20,0.1e-5,-0]')).toEqual([9007199254740991, 1e20, 0.1e-5, -0])
    expect(parse('["\\ud83d\\ude00"]')).toEqual(['😀'])
  })

  it('refuses 10,000 levels and a million keys', { timeout: 60_000 }, () => {
    expect(() => parse('['.repeat(10_000) + ']'.repeat(10_000))).toThrow('deeper')
    const keys = Array.from({ length: 1e6 }, (_, index) => `"k${index}":0`).join()
    expect(() => parse(`{${keys}}`)).toThrow('keys')
  })

  it.each([
    ['{"a": NaN}', 'NaN at line 1, column 7'],
    ['[1,\n 2,\n  Infinity]', 'Infinity at line 3, column 3'],
    ['[-Infinity]', '-Infinity at line 1, column 2'],
    ['{"NaN": "Infinity, \\" NaN", "b": nan}', 'nan at line 1, column 34'],
    ['inf', 'inf at line 1, column 1'],
  ])('names the number of %s that is not finite, and its place', (text, named) => {
    expect(() => parse(text)).toThrow(`The body has ${named}: JSON has finite numbers only, write null.`)
  })

  it.each(['{"a":"NaN"', '{"NaN":1,}', '["NaN', '["\\'])('takes no text for a number: %s', (text) => {
    expect(() => parse(text)).toThrow('is not valid JSON')
  })

  it('quotes nothing of the body', () => {
    expect(() => parse('{"patient":"Meier"x}')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('Meier') }),
    )
  })

  it('keeps prototypes as they are', () => {
    const value = parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect('polluted' in {}).toBe(false)
  })
})
