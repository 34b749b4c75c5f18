import type { ServerResponse } from 'node:http'

/** As long as an export waits for its reader. */
const STALL_MS = 60_000

/**
 * Ends the connection of a client that takes nothing of its answer for so long: until then the answer is in memory, and
 * what makes it waits. Node sees to the time, and knows of a slow line that something is taken. An answer that has not
 * begun, or has been sent so far, may take its time.
 */
export function guardReader(response: ServerResponse, stallMs = STALL_MS): void {
  response.setTimeout(stallMs, () => {
    if ((response.socket?.writableLength ?? 0) > 0) response.destroy()
  })
}
