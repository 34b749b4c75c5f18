const HEAD_BYTES = 5 // type and length
const ERROR_RESPONSE = 0x45 // E

/** Finds the error codes in what a backend answers, however the bytes are cut into chunks. */
export class ErrorReader {
  #head = Buffer.alloc(HEAD_BYTES)
  #headBytes = 0
  #bodyBytes = 0
  #error: Buffer[] | null = null

  /** The SQLSTATEs of the errors that end in this chunk. */
  push(chunk: Buffer): string[] {
    const codes: string[] = []
    for (let at = 0; at < chunk.length; ) {
      at += this.#headBytes < HEAD_BYTES ? this.#takeHead(chunk, at) : this.#takeBody(chunk, at)
      if (this.#headBytes < HEAD_BYTES || this.#bodyBytes > 0) continue
      if (this.#error !== null) codes.push(codeOf(Buffer.concat(this.#error)))
      this.#headBytes = 0
    }
    return codes
  }

  #takeHead(chunk: Buffer, at: number): number {
    const taken = chunk.copy(this.#head, this.#headBytes, at)
    this.#headBytes += taken
    if (this.#headBytes === HEAD_BYTES) {
      this.#bodyBytes = this.#head.readInt32BE(1) - 4
      this.#error = this.#head[0] === ERROR_RESPONSE ? [] : null
    }
    return taken
  }

  #takeBody(chunk: Buffer, at: number): number {
    const taken = Math.min(this.#bodyBytes, chunk.length - at)
    this.#error?.push(chunk.subarray(at, at + taken))
    this.#bodyBytes -= taken
    return taken
  }
}

/** An error is fields of a letter and a text, each ended by NUL; C is the code. */
function codeOf(body: Buffer): string {
  const field = body
    .toString('latin1')
    .split('\0')
    .find((text) => text.startsWith('C'))
  return field?.slice(1) ?? ''
}

/**
 * The disk is full or failed under the backend (53100, class 58). It is no panic for PostgreSQL, and its server goes on
 * with new processes; the one process of the embedded database keeps half-made files in its memory, and every later
 * write to them fails, also when there is room again.
 */
export function isStorageFailure(code: string): boolean {
  return code === '53100' || code.startsWith('58')
}
