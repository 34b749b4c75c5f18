import type { z } from 'zod'

/** One kind of server-sent event, described once for the server, the browser and scripts. */
export type EventKind<Name extends string = string, Data extends object = object> = {
  /** On the wire. */
  name: Name
  schema: z.ZodType<Data>
  /** The object that an event tells of. */
  idOf(data: Data): string
  /** What must differ for an event to be told again; all of it unless stated. */
  compared?(data: Data): unknown
}

/** Describes events that each hold their object's whole state. */
export function defineEvents<const Name extends string, Data extends object>(
  kind: EventKind<Name, Data>,
): EventKind<Name, Data> {
  return kind
}

export type DataOf<Kind> = Kind extends EventKind<string, infer Data> ? Data : never
