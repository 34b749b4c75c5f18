import { describe, expect, test } from 'vitest'
import { formatLocation, locationBelow, parseLocation, resolveLocation } from './location.ts'

const s3 = { kind: 's3', bucket: 'bucket', prefix: '', endpoint: null, region: null } as const

describe('parseLocation', () => {
  test.each([
    ['file:/data/x', { kind: 'folder', folder: '/data/x' }],
    ['file:/data//x/', { kind: 'folder', folder: '/data/x' }],
    ['file:/data/a b#c%2F?d', { kind: 'folder', folder: '/data/a b#c%2F?d' }],
    ['file:///data/a%20b', { kind: 'folder', folder: '/data/a b' }],
    ['s3://bucket', s3],
    ['s3://bucket/', s3],
    ['s3://bucket/a/b c', { ...s3, prefix: 'a/b c/' }],
    ['s3://bucket/a%20b/', { ...s3, prefix: 'a%20b/' }],
    [
      's3://bucket/p?endpoint=http://127.0.0.1:8080&region=eu-west-1',
      { ...s3, prefix: 'p/', endpoint: 'http://127.0.0.1:8080', region: 'eu-west-1' },
    ],
  ])('reads %s, and reads the same from what it writes', (text, location) => {
    expect(parseLocation(text)).toEqual(location)
    expect(parseLocation(formatLocation(parseLocation(text)))).toEqual(location)
  })

  test.each([
    '',
    '/data',
    'data',
    'C:\\data',
    'http://host/x',
    'file:',
    'file://',
    'file:/',
    'file:///',
    'file:data',
    'file://host/share',
    'file:/data/../etc',
    'file:///data/%2e%2e/etc',
    'file:///data%2Fetc',
    'file:///data?x',
    'file:///%zz',
    'file:/a\0b',
    's3:/bucket',
    's3://',
    's3://a',
    's3://user:secret@bucket/x',
    's3://bucket/a//b',
    's3://bucket/../x',
    's3://bucket/x?secret=1',
    's3://bucket?endpoint=ftp://host',
    's3://bucket?endpoint=http://user:secret@host',
    's3://bucket?endpoint=http://one&endpoint=http://two',
    's3://bucket?region=eu west',
  ])('refuses %j', (text) => {
    expect(() => parseLocation(text)).toThrow(expect.objectContaining({ code: 'BAD_LOCATION' }))
  })
})

describe('resolveLocation', () => {
  const own = parseLocation('s3://own?endpoint=https://s3.hospital&region=eu-1')

  test('finds a bucket without an endpoint on the server of the own store', () => {
    expect(formatLocation(resolveLocation(parseLocation('s3://other/x'), own))).toBe(
      's3://other/x?endpoint=https%3A%2F%2Fs3.hospital&region=eu-1',
    )
  })

  test('leaves a stated endpoint, a folder, and everything beside a folder store alone', () => {
    const elsewhere = parseLocation('s3://other?endpoint=https://elsewhere')
    expect(resolveLocation(elsewhere, own)).toEqual(elsewhere)
    const folder = parseLocation('file:/data')
    expect(resolveLocation(folder, own)).toEqual(folder)
    expect(resolveLocation(parseLocation('s3://other'), folder)).toEqual({ ...s3, bucket: 'other' })
  })
})

test('locationBelow names a part of a store', () => {
  expect(formatLocation(locationBelow(parseLocation('file:/data'), 'datasets/x'))).toBe(
    'file:/data/datasets/x',
  )
  expect(formatLocation(locationBelow(parseLocation('s3://bucket/p'), 'datasets/x'))).toBe(
    's3://bucket/p/datasets/x',
  )
})
