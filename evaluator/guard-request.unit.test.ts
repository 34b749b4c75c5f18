import { describe, expect, it } from 'vitest'
import { hasToken, isOwnHost } from './guard-request.ts'

const own = { names: ['fd00::7', 'evaluator', 'reader.hospital.example:443'], port: 8270 }

describe('isOwnHost', () => {
  it.each([
    'localhost:8270',
    '127.0.0.1:8270',
    '[::1]:8270',
    'evaluator:8270',
    'EVALUATOR:8270',
    'localhost',
  ])('lets %s in', (host) => {
    expect(isOwnHost(host, own)).toBe(true)
  })
  it.each([
    undefined,
    '',
    'reader.hospital.example:444',
    'evil.test:8270',
    'localhost:80',
    'localhost:8271',
    'localhost.evil.test:8270',
    'evil@localhost:8270',
    'localhost:8270/path',
    'localhost:8270#',
  ])('keeps %s out', (host) => {
    expect(isOwnHost(host, own)).toBe(false)
  })
})

describe('hasToken', () => {
  const tokens = ['a'.repeat(32), 'b'.repeat(32)]
  it('accepts each of two tokens while one replaces the other', () => {
    for (const token of tokens) expect(hasToken(`Bearer ${token}`, tokens)).toBe(true)
  })
  it.each([
    undefined,
    '',
    'Bearer ',
    `Basic ${'a'.repeat(32)}`,
    `Bearer ${'a'.repeat(31)}`,
    `Bearer ${'a'.repeat(33)}`,
  ])('refuses %s', (header) => {
    expect(hasToken(header, tokens)).toBe(false)
  })
})
