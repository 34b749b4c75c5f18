/** Ends the run as failed: trying again would end the same way. */
export class RunFailure extends Error {
  override readonly name = 'RunFailure'
  readonly code: string

  constructor(code: string, detail: string) {
    super(detail)
    this.code = code
  }
}
