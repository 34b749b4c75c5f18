/** A value's type as JSON has it: instants are texts. */
export type Sent<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? Sent<Item>[]
    : T extends object
      ? { [Key in keyof T]: Sent<T[Key]> }
      : T

/** A value as the REST API sends it, for a page that hands its first look to the browser. */
export function asSent<T>(value: T): Sent<T> {
  return JSON.parse(JSON.stringify(value)) as Sent<T>
}
