import { expect, it } from 'vitest'
import { findDatabaseAddressFault } from './database-address.ts'

it.each([
  'postgresql://reader@db.example/reader',
  'postgres://reader:p%40ss%23word@db.example:5433/reader?sslmode=verify-full',
  'postgresql://postgres@localhost/postgres?host=%2Ftmp%2Fsocket',
  'postgresql://postgres@localhost/postgres?host=/tmp/socket',
  'postgresql://reader@db.example/reader?application_name=a@b',
  'postgresql:///reader?host=/run/postgresql',
  'postgresql://[2001:db8::7]/reader',
])('takes %s', (address) => {
  expect(findDatabaseAddressFault(address)).toBeNull()
})

it.each(['p@ssword', 'pass#word', 'p@ss#word', 'p/word', 'p?word', 'p:1/word', '100%', '1?2', 'a@b?c'])(
  'says that the password %s is not escaped, and takes it escaped',
  (password) => {
    const address = (text: string) => `postgresql://reader:${text}@db.example/reader`
    expect(findDatabaseAddressFault(address(password))).toContain('write @ as %40, # as %23')
    expect(findDatabaseAddressFault(address(encodeURIComponent(password)))).toBeNull()
  },
)

it.each([
  ['mysql://reader@db.example/reader', 'starts with postgresql://'],
  ['postgresql://db.example:port/reader', 'cannot be read'],
  ['postgresql://db.example/reader?sslmode=on', 'none of disable, prefer, require'],
  ['postgresql://db.example/reader?sslmode=', 'none of disable, prefer, require'],
  ['postgresql://db.example/reader?sslmode=Require', 'none of disable, prefer, require'],
])('refuses %s', (address, fault) => {
  expect(findDatabaseAddressFault(address)).toContain(fault)
})
