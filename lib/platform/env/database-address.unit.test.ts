import { Client } from 'pg'
import { describe, expect, it } from 'vitest'
import { findDatabaseAddressFault } from './database-address.ts'

const withPassword = (text: string) => `postgresql://reader:${text}@db.example/reader`
const asDriverReadsIt = (address: string) => {
  const { user, password, host, database } = new Client({ connectionString: address })
  return { user, password, host, database }
}

it.each([
  'postgresql://reader@db.example/reader',
  'postgres://reader:p%40ss%23word@db.example:5433/reader?sslmode=verify-full',
  'postgresql://postgres@localhost/postgres?host=%2Ftmp%2Fsocket',
  'postgresql://postgres@localhost/postgres?host=/tmp/socket',
  'postgresql://postgres@/postgres?host=/tmp/socket',
  'postgresql://reader@db.example/reader?application_name=a@b',
  'postgresql://reader@db.example/reader@home',
  'postgresql:///reader?host=/run/postgresql',
  'postgresql://[2001:db8::7]/reader',
  'postgresql://reader@db.example/reader?uselibpqcompat=true&sslmode=verify-ca&sslrootcert=/ca.pem',
])('takes %s', (address) => {
  expect(findDatabaseAddressFault(address)).toBeNull()
})

describe('a password that is not escaped', () => {
  it.each(['p@ssword', 'p@@ss:w', '100%', 'p%zz', 'a b', '[x]', 'ü@é'])(
    'is taken where the driver reads it as it is: %s',
    (password) => {
      expect(findDatabaseAddressFault(withPassword(password))).toBeNull()
      expect(asDriverReadsIt(withPassword(password))).toEqual({
        user: 'reader',
        password,
        host: 'db.example',
        database: 'reader',
      })
    },
  )
  it.each([
    'pass#word',
    'p@ss#word',
    'p/word',
    'p?word',
    'p:1/word',
    '1/2',
    '1?2',
    '1?2=3',
    'a@b?c',
    'a@b?c=d',
    'a@b/c',
    '%E4',
    'a %2F',
    '%zz%2f',
  ])('is refused where the driver misreads it, and taken escaped: %s', (password) => {
    expect(findDatabaseAddressFault(withPassword(password))).toContain('write @ as %40, # as %23')
    const escaped = withPassword(encodeURIComponent(password))
    expect(findDatabaseAddressFault(escaped)).toBeNull()
    expect(asDriverReadsIt(escaped)).toMatchObject({ password, host: 'db.example' })
  })
})

it.each([
  ['mysql://reader@db.example/reader', 'starts with postgresql://'],
  ['postgresql://db.example:port/reader', 'cannot be read'],
  ['postgresql://reader@db-1,db-2/reader', 'several hosts'],
  ['postgresql://db.example/reader?sslmode=on', 'none of disable, prefer, require'],
  ['postgresql://db.example/reader?sslmode=', 'none of disable, prefer, require'],
  ['postgresql://db.example/reader?sslmode=Require', 'none of disable, prefer, require'],
  ['postgresql://db.example/reader?sslmode=disable&sslmode=on', 'none of disable, prefer, require'],
  ['postgresql://db.example/reader?sslmode=allow', 'write disable for no TLS, require or prefer for TLS'],
  ['postgresql://db.example/reader?uselibpqcompat=true&sslmode=verify-ca', 'add sslrootcert=/file'],
])('refuses %s', (address, fault) => {
  expect(findDatabaseAddressFault(address)).toContain(fault)
})
