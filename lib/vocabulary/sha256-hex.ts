import { z } from 'zod'

/** A content hash as it is sent and shown. */
export const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/, 'is 64 lower-case hexadecimal digits')
