import { expect, it } from 'vitest'
import { databaseRefusal } from './database-refusal.ts'

const coded = (code: string, more: object = {}) => Object.assign(new Error('x'), { code, ...more })
const query = (cause: Error) => new Error('Failed query: select 1', { cause })

it.each([
  ['a certificate of its own making', coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'sslrootcert=/file'],
  ['an expired certificate', query(coded('CERT_HAS_EXPIRED')), 'is not trusted'],
  ['a certificate of another host', coded('ERR_TLS_CERT_ALTNAME_INVALID'), 'correct the host'],
  ['an authority that is not known', coded('UNABLE_TO_GET_ISSUER_CERT_LOCALLY'), 'is not trusted'],
  ['a replica', query(coded('25006')), 'name the primary server'],
  ['a server without a free connection', coded('53300'), 'max_connections'],
  ['a host that does not answer', new Error('timeout expired'), 'the host does not answer'],
])('says what to do about %s', (_what, error, remedy) => {
  expect(databaseRefusal(error)).toContain(remedy)
})

it.each([
  ['a violated constraint', query(coded('23505'))],
  ['a missing file of ours', coded('MODULE_NOT_FOUND')],
  ['a programming mistake', new TypeError('x is not a function')],
])('leaves %s alone', (_what, error) => {
  expect(databaseRefusal(error)).toBeNull()
})
