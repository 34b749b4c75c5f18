import { customType, timestamp } from 'drizzle-orm/pg-core'

/** A SHA-256: 32 bytes in the database, 64 lower-case hexadecimal digits in the code. */
export const sha256 = customType<{ data: string; driverData: Buffer }>({
  dataType: () => 'bytea',
  toDriver: (hex) => Buffer.from(hex, 'hex'),
  fromDriver: (bytes) => bytes.toString('hex'),
})

export const bytes = customType<{ data: Uint8Array; driverData: Buffer }>({
  dataType: () => 'bytea',
  toDriver: (value) => Buffer.from(value),
})

export const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** A name, ordered by its code points everywhere: by the database whatever its locale, and as JavaScript orders it. */
export const nameText = customType<{ data: string; driverData: string }>({
  dataType: () => 'text collate "C"',
})
