import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { followedWhile } from './followed-while.ts'

function source(options: { closeAfter?: number } = {}) {
  const state = { cancelled: false, sent: 0 }
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (state.sent === options.closeAfter) return controller.close()
      await new Promise((resolve) => setImmediate(resolve))
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
    let asked = 0
    const ask = async () => {
      asked += 1
      if (asked === 3) throw new Error('no longer')
    }
    const text = await followedWhile(response, ask, { everyMs: 5 }).text()
    expect(asked).toBe(3)
    expect(text).toMatch(/^data: 1\n\n/)
    expect(text.endsWith('event: denied\ndata: {}\n\n')).toBe(true)
    expect(state.cancelled).toBe(true)
  })
  it('asks no more once its reader has gone', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    onTestFinished(() => void vi.useRealTimers())
    const { response, state } = source()
    let asked = 0
    const ask = async () => {
      asked += 1
    }
    const followed = followedWhile(response, ask, { everyMs: 10 })
    const reader = followed.body?.getReader()
    await reader?.read()
    await vi.advanceTimersByTimeAsync(20)
    await reader?.cancel()
    await vi.advanceTimersByTimeAsync(50)
    expect([asked, state.cancelled]).toEqual([2, true])
  })
})
