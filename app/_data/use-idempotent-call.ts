import { useRef } from 'react'
import { callApi } from './call-api.ts'

/**
 * A creation that happens once: the same body sent again (a double click, a lost reply) carries the same key and gets
 * the first reply.
 */
export function useIdempotentCall<Reply>(address: string): (body: object) => Promise<Reply> {
  const last = useRef<{ body: string; key: string } | null>(null)
  return async (body) => {
    const text = JSON.stringify(body)
    if (last.current?.body !== text) last.current = { body: text, key: newKey() }
    const reply = await callApi<Reply>('POST', address, { body, idempotencyKey: last.current.key })
    last.current = null
    return reply
  }
}

/** 128 random bits. Browsers offer `crypto.randomUUID` over TLS and on loopback only, not on a plain-HTTP intranet. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}
