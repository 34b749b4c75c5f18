import { describe, expect, it } from 'vitest'
import { followedWhile } from './followed-while.ts'

function source(options: { closeAfter?: number } = {}) {
  const state = { cancelled: false, sent: 0 }
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (state.sent === options.closeAfter) return controller.close()
      await new Promise((resolve) => setTimeout(resolve, 5))
      state.sent += 1
      controller.enqueue(new TextEncoder().encode(`data: ${state.sent}\n\n`))
    },
    cancel: () => {
      state.cancelled = true
    },
  })
  return { state, response: new Response(body, { headers: { 'Content-Type': 'text/event-stream' } }) }
}

describe('followedWhile', () => {
  it('passes a stream on, with its headers, to its own end', async () => {
    const { response } = source({ closeAfter: 3 })
    const followed = followedWhile(response, async () => undefined, { everyMs: 5 })
    expect(followed.headers.get('content-type')).toBe('text/event-stream')
    expect(await followed.text()).toBe('data: 1\n\ndata: 2\n\ndata: 3\n\n')
  })
  it('ends within one interval of being refused, says so, and lets go of the source', async () => {
    const { response, state } = source()
    let allowed = true
    const ask = async () => {
      if (!allowed) throw new Error('no longer')
    }
    setTimeout(() => {
      allowed = false
    }, 60)
    const text = await followedWhile(response, ask, { everyMs: 20 }).text()
    expect(text).toMatch(/^data: 1\n\n/)
    expect(text.endsWith('event: denied\ndata: {}\n\n')).toBe(true)
    expect(state.cancelled).toBe(true)
  })
  it('asks no more once its reader has gone', async () => {
    const { response, state } = source()
    let asked = 0
    const ask = async () => {
      asked += 1
    }
    const followed = followedWhile(response, ask, { everyMs: 10 })
    const reader = followed.body?.getReader()
    await reader?.read()
    await reader?.cancel()
    const before = asked
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([asked - before, state.cancelled]).toEqual([0, true])
  })
})
