import { describe, expect, it } from 'vitest'
import { pathParameters, queryParameters } from './address.ts'

describe('pathParameters', () => {
  const of = (pathname: string) => pathParameters('/api/datasets/{name}/snapshots/{id}', pathname)

  it('decodes each segment once', () => {
    expect(of('/api/datasets/a%20b%252F/snapshots/7')).toEqual({ name: 'a b%2F', id: '7' })
    expect(of('/api/datasets/r%C3%B6ntgen/snapshots/7/')).toEqual({ name: 'röntgen', id: '7' })
  })
  it('keeps an encoded slash within its segment', () => {
    expect(of('/api/datasets/..%2F..%2Fetc/snapshots/7')).toEqual({ name: '../../etc', id: '7' })
  })
  it.each(['/api/datasets/a/snapshots', '/api/datasets//snapshots/7', '/api/models/a/snapshots/7', '/'])(
    'finds nothing at %s',
    (pathname) => {
      expect(() => of(pathname)).toThrow(expect.objectContaining({ kind: 'NOT_FOUND' }))
    },
  )
  it.each(['%zz', '%c0%af', 'a%00b'])('refuses the segment %s', (segment) => {
    expect(() => of(`/api/datasets/${segment}/snapshots/7`)).toThrow(
      expect.objectContaining({ kind: 'BAD_REQUEST' }),
    )
  })
})

describe('queryParameters', () => {
  it('reads names and values', () => {
    expect(queryParameters('?a=1&b=x+y%2B&c&d==')).toEqual({ a: '1', b: 'x y+', c: '', d: '=' })
  })
  it('makes a list of a name that comes twice, which no schema takes', () => {
    expect(queryParameters('?a=1&a=2')).toEqual({ a: ['1', '2'] })
  })
  it('keeps __proto__ as a name like any other', () => {
    const values = queryParameters('?__proto__=1')
    expect(Object.keys(values)).toEqual(['__proto__'])
    expect(Object.getPrototypeOf(values)).toBe(Object.prototype)
  })
  it.each(['?a=%ff', '?a=%00', `?${'a=1&'.repeat(1000)}`])('refuses %#', (search) => {
    expect(() => queryParameters(search)).toThrow(expect.objectContaining({ kind: 'BAD_REQUEST' }))
  })
})
