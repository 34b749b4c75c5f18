import { describe, expect, it } from 'vitest'
import { AnonymousBodies, type Place } from './anonymous-bodies.ts'
import { readBody } from './read-body.ts'

const MB = 1_000_000
const LARGEST = 25 * MB
const one = (bytes: number | null = 10) => ({ address: '192.0.2.1', bytes })
/** Takes as many places as there are, at most 200; the code of what ends it. */
function fill(
  bodies: AnonymousBodies,
  caller: (index: number) => { address: string | null; bytes: number | null },
) {
  const places: Place[] = []
  for (let index = 0; index < 200; index += 1)
    try {
      places.push(bodies.take(caller(index)))
    } catch (error) {
      return { places, kind: (error as { kind: string }).kind }
    }
  return { places, kind: null }
}

describe('what callers without credentials send at once', () => {
  it('is 32 calls of one address, and 64 of all', () => {
    const bodies = new AnonymousBodies(LARGEST)
    const own = fill(bodies, () => one())
    expect([own.places.length, own.kind]).toEqual([32, 'TOO_MANY_REQUESTS'])
    const others = fill(bodies, (index) => ({ address: `198.51.100.${index}`, bytes: 10 }))
    expect([others.places.length, others.kind]).toEqual([32, 'UNAVAILABLE'])
  })
  it('is 8 uploads of the largest size of one address, and 16 of all', () => {
    const bodies = new AnonymousBodies(LARGEST)
    const own = fill(bodies, () => one(LARGEST))
    expect([own.places.length, own.kind]).toEqual([8, 'TOO_MANY_REQUESTS'])
    const others = fill(bodies, (index) => ({ address: `198.51.100.${index}`, bytes: LARGEST }))
    expect([others.places.length, others.kind]).toEqual([8, 'UNAVAILABLE'])
  })
  it('counts as the largest size where it announces none, and never as more', () => {
    expect(fill(new AnonymousBodies(LARGEST), () => one(null)).places).toHaveLength(8)
    expect(fill(new AnonymousBodies(LARGEST), () => one(10_000 * MB)).places).toHaveLength(8)
  })
  it('is counted by network in IPv6, and together where no address is known', () => {
    const network = fill(new AnonymousBodies(LARGEST), (index) => ({
      address: `2001:db8::${index}`,
      bytes: 1,
    }))
    expect(network.places).toHaveLength(32)
    expect(fill(new AnonymousBodies(LARGEST), () => ({ address: null, bytes: 1 })).places).toHaveLength(32)
  })
  it('makes room when it is answered, once', () => {
    const bodies = new AnonymousBodies(LARGEST)
    const { places } = fill(bodies, () => one())
    places[0]?.release()
    places[0]?.release()
    expect(fill(bodies, () => one()).places).toHaveLength(1)
    for (const place of places) place.release()
    expect(bodies.count).toBe(1)
  })
})

describe('a body with a deadline', () => {
  const halfway = () => {
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined
    const body = new ReadableStream<Uint8Array>({
      start: (given) => {
        controller = given
        given.enqueue(Buffer.from('half'))
      },
    })
    const request = new Request('http://127.0.0.1/', { method: 'POST', body, duplex: 'half' } as RequestInit)
    return { request, end: () => controller?.close() }
  }
  it('is given up when it has not arrived by then', async () => {
    const late = new AbortController()
    const reading = readBody(halfway().request, 100, late.signal)
    late.abort()
    await expect(reading).rejects.toMatchObject({ kind: 'REQUEST_TIMEOUT' })
    const afterwards = readBody(halfway().request, 100, AbortSignal.abort())
    await expect(afterwards).rejects.toMatchObject({ kind: 'REQUEST_TIMEOUT' })
  })
  it('is read as any other when it arrives in time', async () => {
    const { request, end } = halfway()
    const reading = readBody(request, 100, new AbortController().signal)
    end()
    expect(Buffer.from(await reading).toString()).toBe('half')
  })
})
