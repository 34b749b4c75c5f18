import { z } from 'zod'
import { sha256Hex } from '#lib/vocabulary/sha256-hex.ts'

/** An event as it is answered, with everything that its hash covers. */
export const auditEventSchema = z.strictObject({
  seq: z.int(),
  at: z.iso.datetime(),
  actor: z.strictObject({ type: z.string(), id: z.string(), name: z.string() }),
  action: z.string(),
  object: z.strictObject({ type: z.string(), id: z.string() }),
  before: z.unknown(),
  after: z.unknown(),
  reason: z.string().nullable(),
  requestId: z.string(),
  prevHash: sha256Hex,
  hash: sha256Hex,
})
export type AuditEventView = z.infer<typeof auditEventSchema>

/** What became of verifying the chain. */
export const chainCheckSchema = z.strictObject({
  ok: z.boolean(),
  checked: z.int(),
  firstBroken: z.strictObject({ seq: z.int(), reason: z.string() }).optional(),
})
export type ChainCheck = z.infer<typeof chainCheckSchema>
