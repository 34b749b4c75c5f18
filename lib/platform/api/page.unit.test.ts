import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readCursor, writeCursor } from '#lib/platform/cursor.ts'
import { openPage, pageQuery } from './page.ts'

const secret = 'a secret of more than thirty-two characters'
const open = (query: object, options: { actorId?: string; address?: string; secret?: string } = {}) =>
  openPage({ secret, actorId: 'u1', address: 'GET /api/datasets', ...options, query: { limit: 2, ...query } })

function nextCursor(query: object = {}): string {
  const { nextCursor: cursor } = open(query).of([1, 2, 3], (row) => [row])
  if (cursor === null) throw new Error('There is a next page.')
  return cursor
}

describe('openPage', () => {
  it('shows as many as asked for and continues behind the last of them', () => {
    expect(open({}).take).toBe(3)
    expect(open({}).of([1, 2, 3], (row) => [row]).items).toEqual([1, 2])
    expect(open({ cursor: nextCursor() }).after).toEqual([2])
  })
  it('ends the list when nothing is left', () => {
    expect(open({}).of([1, 2], (row) => [row])).toEqual({ items: [1, 2], nextCursor: null })
    expect(open({}).of([], (row) => [row])).toEqual({ items: [], nextCursor: null })
  })
  it('goes on with another limit', () => {
    expect(open({ limit: 100, cursor: nextCursor() }).after).toEqual([2])
  })

  it.each([
    ['of another person', {}, { actorId: 'u2' }],
    ['of another list', {}, { address: 'GET /api/images' }],
    ['of other filters', { findingClass: 'x' }, {}],
    ['signed with another secret', {}, { secret: `${secret}!` }],
  ])('refuses a cursor %s', (_what, query, options) => {
    expect(() => open({ ...query, cursor: nextCursor() }, options)).toThrow(
      expect.objectContaining({ kind: 'BAD_REQUEST', code: 'BAD_CURSOR' }),
    )
  })
  it('refuses garbage and every cursor with one character changed', () => {
    const cursor = nextCursor()
    for (const wrong of ['x', '.', 'a.b.c', '💥', `${cursor}.`, ` ${cursor}`])
      expect(() => open({ cursor: wrong })).toThrow(expect.objectContaining({ code: 'BAD_CURSOR' }))
    for (let index = 0; index < cursor.length; index += 1) {
      const changed = `${cursor.slice(0, index)}${cursor[index] === 'A' ? 'B' : 'A'}${cursor.slice(index + 1)}`
      expect(() => open({ cursor: changed })).toThrow(expect.objectContaining({ code: 'BAD_CURSOR' }))
    }
  })
})

describe('cursors', () => {
  it('give back any position', () => {
    const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.constant(null))
    fc.assert(
      fc.property(fc.array(value), (position) => {
        expect(readCursor(secret, 'scope', writeCursor(secret, 'scope', position))).toEqual(position)
      }),
    )
  })
})

describe('pageQuery', () => {
  const schema = z.strictObject(pageQuery)
  it.each([
    [undefined, 50],
    ['1', 1],
    ['500', 500],
  ])('takes limit %s as %s', (limit, wanted) => {
    expect(schema.parse(limit === undefined ? {} : { limit }).limit).toBe(wanted)
  })
  it.each(['-1', '0', '501', '1e9', '1000000000', 'NaN', '10; drop', '', ' 5', '5.5', '0x10'])(
    'refuses limit %s',
    (limit) => {
      expect(schema.safeParse({ limit }).success).toBe(false)
    },
  )
})
