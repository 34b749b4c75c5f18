import { useRef } from 'react'

type KeyHeader = { 'Idempotency-Key': string }

/**
 * A creation that happens once: the same body sent again (a double click, a lost reply) carries the same key and gets
 * the first reply.
 */
export function useIdempotentCall<Body, Reply>(
  create: (body: Body, header: KeyHeader) => Promise<Reply>,
): (body: Body) => Promise<Reply> {
  const last = useRef<{ body: string; key: string } | null>(null)
  return async (body) => {
    const text = JSON.stringify(body)
    if (last.current?.body !== text) last.current = { body: text, key: newKey() }
    const reply = await create(body, { 'Idempotency-Key': last.current.key })
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
