/** Where a command writes, and what ends it. */
export type Terminal = {
  out: NodeJS.WriteStream
  err: NodeJS.WriteStream
  /** Aborts on Ctrl-C. */
  interrupted: AbortSignal
}
