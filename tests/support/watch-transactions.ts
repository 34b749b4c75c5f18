import { AsyncLocalStorage } from 'node:async_hooks'
import { subscribe } from 'node:diagnostics_channel'
import { PgDatabase } from 'drizzle-orm/pg-core'
import { afterAll, afterEach } from 'vitest'
import { FolderProcess } from '#lib/platform/object-store/folder-process.ts'
import { FolderStore } from '#lib/platform/object-store/folder-store.ts'

// Fails every test in which a store is asked, or a request is sent, while a transaction of the same call is open: the
// embedded database serves no other call until it ends, and what is asked may hang.

const transaction = new AsyncLocalStorage<'open'>()
let found: Error[] = []

function note(what: string): void {
  if (transaction.getStore() === undefined) return
  found.push(new Error(`${what} inside a database transaction: do it before, and hand over what it found.`))
}

type Transaction = (this: unknown, work: (tx: unknown) => unknown, config: unknown) => unknown
type Call = (this: unknown, ...input: unknown[]) => unknown

function watchTransactions(): void {
  const prototype = PgDatabase.prototype as unknown as { transaction: Transaction }
  const { transaction: begin } = prototype
  prototype.transaction = function (work, config) {
    return begin.call(this, (tx) => transaction.run('open', () => work(tx)), config)
  }
}

function watchMethods(type: { prototype: object; name: string }, names: readonly string[]): void {
  const methods = type.prototype as Record<string, Call>
  for (const name of names) {
    const call = methods[name]
    if (call === undefined) throw new Error(`${type.name} has no method ${name}.`)
    methods[name] = function (...input) {
      note(`${type.name}.${name}`)
      return call.apply(this, input)
    }
  }
}

watchTransactions()
watchMethods(FolderStore, ['get', 'getRange', 'digest', 'put', 'find', 'list', 'delete', 'check'])
watchMethods(FolderProcess, ['call', 'list'])
subscribe('http.client.request.created', () => note('An HTTP request'))
subscribe('undici:request:create', () => note('A fetch'))

function fail(): void {
  const [first] = found
  found = []
  if (first !== undefined) throw first
}

afterEach(fail)
afterAll(fail)

/** For the test of this watch itself: what was found so far, which then fails nothing. */
export function takeFound(): string[] {
  const messages = found.map(({ message }) => message)
  found = []
  return messages
}
