import { describe, expect, test } from 'vitest'
import { MalformedStream, ndjsonLines } from './ndjson-lines.ts'

async function* pieces(...texts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield typeof text === 'string' ? Buffer.from(text) : text
}

async function linesOf(stream: AsyncIterable<Uint8Array>, max = 100): Promise<string[]> {
  const lines: string[] = []
  for await (const line of ndjsonLines(stream, max)) lines.push(line)
  return lines
}

describe('lines of a stream', () => {
  test('come whole however the bytes are cut', async () => {
    const bytes = Buffer.from('{"a":"é"}\n{"b":2}\n\n')
    for (let cut = 0; cut <= bytes.length; cut++)
      expect(await linesOf(pieces(bytes.subarray(0, cut), bytes.subarray(cut)))).toEqual([
        '{"a":"é"}',
        '{"b":2}',
        '',
      ])
  })
  test('leave out what follows the last newline', async () => {
    expect(await linesOf(pieces('{"n":1}\n{"n":12'))).toEqual(['{"n":1}'])
  })
  test('may not be longer than agreed', async () => {
    await expect(linesOf(pieces('x'.repeat(60), 'x'.repeat(60)))).rejects.toThrow(MalformedStream)
    await expect(linesOf(pieces(`${'x'.repeat(101)}\n`))).rejects.toThrow(MalformedStream)
    expect(await linesOf(pieces(`${'x'.repeat(100)}\n`))).toHaveLength(1)
  })
  test('may not be something else than UTF-8', async () => {
    await expect(linesOf(pieces(new Uint8Array([0xff, 0x0a])))).rejects.toThrow(MalformedStream)
  })
})
