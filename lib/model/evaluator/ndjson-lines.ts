/** A stream that is no NDJSON within the agreed limits. */
export class MalformedStream extends Error {
  override readonly name = 'MalformedStream'
}

const NEWLINE = 0x0a

/**
 * The complete lines of a byte stream, decoded as UTF-8. What follows the last newline was cut off and is
 * dropped: half a line may be valid JSON with other numbers in it.
 */
export async function* ndjsonLines(
  stream: AsyncIterable<Uint8Array>,
  maxLineBytes: number,
): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let pieces: Uint8Array[] = []
  let held = 0
  for await (const piece of stream) {
    let start = 0
    for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, start)) {
      pieces.push(piece.subarray(start, end))
      held += end - start
      if (held > maxLineBytes) throw new MalformedStream(`A line has more than ${maxLineBytes} bytes.`)
      yield decode(decoder, pieces)
      pieces = []
      held = 0
      start = end + 1
    }
    if (start < piece.length) {
      pieces.push(piece.subarray(start))
      held += piece.length - start
    }
    if (held > maxLineBytes) throw new MalformedStream(`A line has more than ${maxLineBytes} bytes.`)
  }
}

function decode(decoder: TextDecoder, pieces: Uint8Array[]): string {
  try {
    return decoder.decode(Buffer.concat(pieces))
  } catch {
    throw new MalformedStream('A line is not UTF-8.')
  }
}
