import { describe, expect, it } from 'vitest'
import { storageFault } from './storage-fault.ts'

const coded = (code: string, more: object = {}) => Object.assign(new Error('x'), { code, ...more })
const query = (cause: Error) => new Error('Failed query: select 1', { cause })

describe('storageFault', () => {
  it.each([
    ['a refused connection', query(coded('ECONNREFUSED', { syscall: 'connect' }))],
    ['several refused addresses', query(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' }))],
    ['a socket file that is gone', query(coded('ENOENT', { syscall: 'connect' }))],
    ['a server that shuts down', query(coded('57P01'))],
    ['a server that starts', coded('57P03')],
    ['too many clients', coded('53300')],
    ['a lost connection', query(new Error('Connection terminated unexpectedly'))],
    ['an exhausted pool', new Error('timeout exceeded when trying to connect')],
    ['a deadlock', query(coded('40P01'))],
    ['no descriptor left for a file', coded('EMFILE', { syscall: 'open' })],
    ['no descriptor left on the machine', coded('ENFILE', { syscall: 'open' })],
    ['no descriptor left for a connection', query(coded('EMFILE', { syscall: 'connect' }))],
    ['a statement that took too long', query(coded('57014'))],
  ])('takes %s for an outage that passes', (_what, error) => {
    expect(storageFault(error)?.kind).toBe('UNAVAILABLE')
  })
  it.each([coded('53100'), query(coded('ENOSPC', { syscall: 'write' }))])(
    'tells a full disk apart',
    (error) => {
      expect(storageFault(error)?.kind).toBe('INSUFFICIENT_STORAGE')
    },
  )
  it.each([
    ['a missing file', coded('ENOENT', { syscall: 'open' })],
    ['a violated constraint', query(coded('23505'))],
    ['a programming mistake', new TypeError('x is not a function')],
    ['what is no error', 'ECONNREFUSED'],
  ])('leaves %s alone', (_what, error) => {
    expect(storageFault(error)).toBeNull()
  })
})
