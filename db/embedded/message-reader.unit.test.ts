import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MessageReader } from './message-reader.ts'
import { query, startup, sync } from './wire-messages.ts'

const hello = startup(
  new Map([
    ['user', 'postgres'],
    ['database', 'postgres'],
  ]),
)

function typed(type: string, body: string): Buffer {
  const message = query(body)
  message.write(type, 0, 'latin1')
  return message
}

function typesOf(turn: Buffer): string {
  let types = ''
  for (let at = 0; at < turn.length; at += 1 + turn.readInt32BE(at + 1))
    types += turn.toString('latin1', at, at + 1)
  return types
}

describe('MessageReader', () => {
  it('reads the parameters of a startup packet', () => {
    const [request] = new MessageReader().push(hello)
    expect(request).toEqual({
      kind: 'startup',
      parameters: new Map([
        ['user', 'postgres'],
        ['database', 'postgres'],
      ]),
    })
  })

  it('keeps the parts of a query together until the client waits for the answer', () => {
    const reader = new MessageReader()
    reader.push(hello)
    const parse = typed('P', 'select $1')
    const bind = typed('B', 'x'.repeat(200_000))
    expect(reader.push(parse)).toEqual([])
    expect(reader.push(bind.subarray(0, 100_000))).toEqual([])
    expect(reader.push(bind.subarray(100_000))).toEqual([])
    expect(reader.push(sync())).toEqual([
      { kind: 'turn', bytes: Buffer.concat([parse, bind, sync()]), complete: true },
    ])
  })

  it('gives the same requests however the bytes are cut', () => {
    const stream = Buffer.concat([
      hello,
      query('select 1'),
      typed('P', 'a'),
      typed('H', ''),
      sync(),
      typed('X', ''),
    ])
    const whole = new MessageReader().push(stream)
    expect(whole.map(({ kind }) => kind)).toEqual(['startup', 'turn', 'turn', 'turn', 'terminate'])
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
        const reader = new MessageReader()
        const edges = [0, ...cuts.sort((a, b) => a - b), stream.length]
        const pieces = edges.slice(1).map((to, i) => stream.subarray(edges[i], to))
        expect(pieces.flatMap((piece) => reader.push(piece))).toEqual(whole)
      }),
    )
  })

  it('marks a turn that only flushes as one that goes on', () => {
    const reader = new MessageReader()
    reader.push(hello)
    expect(reader.push(typed('H', ''))).toMatchObject([{ kind: 'turn', complete: false }])
  })

  it('has every statement followed by the refusal of a copy', () => {
    const reader = new MessageReader()
    reader.push(hello)
    const [simple] = reader.push(query('copy t from stdin'))
    expect(simple).toMatchObject({ kind: 'turn', complete: true })
    const [extended] = reader.push(Buffer.concat([typed('E', ''), typed('E', ''), sync()]))
    const types = (request: unknown) => typesOf((request as { bytes: Buffer }).bytes)
    expect([simple, extended].map(types)).toEqual(['Qf', 'EfEfS'])
  })

  it('refuses a message that the backend does not know', () => {
    const reader = new MessageReader()
    reader.push(hello)
    expect(() => reader.push(typed('y', ''))).toThrow('unknown message type')
  })

  it('refuses a startup packet of another size than startup packets have', () => {
    const tls = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00])
    expect(() => new MessageReader().push(tls)).toThrow('invalid message length')
  })

  it.each([
    ['a length below its own size', Buffer.from([0x51, 0, 0, 0, 3])],
    ['a length of two gigabytes', Buffer.from([0x51, 0x7f, 0xff, 0xff, 0xff])],
  ])('refuses %s', (_, bytes) => {
    const reader = new MessageReader()
    reader.push(hello)
    expect(() => reader.push(bytes)).toThrow('invalid message length')
  })

  it('refuses a client of another protocol', () => {
    expect(() => new MessageReader().push(Buffer.from('GET / HTTP/1.1\r\n\r\n'))).toThrow()
  })
})
