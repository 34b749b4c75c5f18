import { ServiceError } from '#lib/platform/errors.ts'

/** What is wrong with one row of an import. */
export type ImportFault = { path: string; imageKey: string; code: string; message: string }

/** More than a user reads; the whole number stands beside them. */
const NAMED_FAULTS = 20

/** Collects the faults of an import, so that all rows are named at once and not the first alone. */
export class ImportFaults {
  readonly #named: ImportFault[] = []
  #count = 0

  add(row: { index: number; imageKey: string; field: string }, code: string, message: string): void {
    this.#count += 1
    if (this.#named.length === NAMED_FAULTS) return
    const { imageKey } = row
    this.#named.push({ path: `predictions.${row.index}.${row.field}`, imageKey, code, message })
  }

  /** Throws UNPROCESSABLE, with the first fault in the sentence and the others beside it. */
  refuseAny(): void {
    const [first] = this.#named
    if (first === undefined) return
    const others = this.#count === 1 ? '' : ` ${this.#count - 1} more rows have faults.`
    throw new ServiceError(
      'UNPROCESSABLE',
      `${first.path} (image ${JSON.stringify(first.imageKey)}): ${first.message}.${others}`,
      { code: first.code, details: { count: this.#count, faults: this.#named } },
    )
  }
}
