import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerBrokenRequest } from './answer-broken-request.ts'

export type BodyPace = {
  /** How often a body's progress is looked at. */
  windowMs: number
  /** What must have arrived since the last look. */
  bytesPerWindow: number
  /** How long a client may go on sending after it was answered. */
  lingerMs: number
}

/** 1 KiB/s: any line that a hospital has is faster; a client that trickles, to hold a connection, is not. */
const PACE: BodyPace = { windowMs: 20_000, bytesPerWindow: 20 * 1024, lingerMs: 5_000 }

/**
 * Ends a request whose body comes too slowly with 408. A slow line may take its time (the server's request timeout is
 * the only limit on the whole): what counts is that bytes keep coming. Where bytes wait to be read it is we who are
 * slow, and the client is left in peace.
 */
export function guardBody(request: IncomingMessage, response: ServerResponse, pace: BodyPace = PACE): void {
  const { socket } = request
  if (request.headers['content-length'] === undefined && request.headers['transfer-encoding'] === undefined)
    return
  let before = socket.bytesRead
  const watch = setInterval(() => {
    const arrived = socket.bytesRead - before
    before = socket.bytesRead
    if (request.complete) clearInterval(watch)
    else if (arrived < pace.bytesPerWindow && request.readableLength === 0 && !response.headersSent)
      answerBrokenRequest({ code: 'BODY_TOO_SLOW' }, socket)
  }, pace.windowMs)
  response.prependOnceListener('finish', () => request.complete || lingerOver(request, pace.lingerMs))
  response.once('close', () => clearInterval(watch))
}

/**
 * Throws the rest of an answered body away, for so long. Many clients send all of a body before they look for a
 * reply: cut off before that, they would never see why they were refused.
 */
function lingerOver(request: IncomingMessage, lingerMs: number): void {
  const { socket } = request
  const cut = setTimeout(() => socket.destroy(), lingerMs).unref()
  const destroySoon = socket.destroySoon.bind(socket)
  let closing = false
  // Node would cut a connection now that is not to be kept: it ends our side of it, and hears the client out.
  socket.destroySoon = () => {
    closing = true
    socket.end()
  }
  request.once('end', () => {
    clearTimeout(cut)
    socket.destroySoon = destroySoon
    if (closing) destroySoon()
  })
  request.removeAllListeners('readable') // of a reader that has stopped half-way
  setImmediate(() => request.resume())
}
