import { AsyncLocalStorage } from 'node:async_hooks'
import type { ServerResponse } from 'node:http'

/** The server and the pages' bundle load this module once each; both must share it. */
const holder = globalThis as { secondReaderClients?: AsyncLocalStorage<AbortSignal> }
holder.secondReaderClients ??= new AsyncLocalStorage()
const clients = holder.secondReaderClients

/** Does what answers the request. Whatever that calls may ask by `clientSignal` whether the client still waits. */
export function whileClientWaits(response: ServerResponse, answer: () => void): void {
  const leaving = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) leaving.abort()
  })
  clients.run(leaving.signal, answer)
}

/** Aborts when the client goes away before its answer was sent; undefined outside of a request. */
export function clientSignal(): AbortSignal | undefined {
  return clients.getStore()
}
